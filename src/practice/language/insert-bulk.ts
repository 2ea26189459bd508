import { parseName, parseNameText, parseObjectName } from './names.ts';
import { refusedOption } from './refusals.ts';
import type { DataStatement } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

const options: ReadonlySet<string> = new Set(['check_constraints', 'fire_triggers', 'keep_nulls', 'tablock']);
const numberedOptions: ReadonlySet<string> = new Set(['rows_per_batch', 'kilobytes_per_batch']);

/** `INSERT BULK t (a int, ...) WITH (...)`: what drivers and bcp send before a bulk-load message (MS-TDS 2.2.6.1). */
export function parseInsertBulk(input: TokenReader): Extract<DataStatement, { kind: 'insert-bulk' }> {
  input.expect('insert', 'bulk');
  const table = parseObjectName(input);
  const columns = input.parenthesized(() => {
    const name = parseName(input);
    const type = parseTypeName(input);
    const collation = input.accept('collate') ? { collation: parseNameText(input) } : {};
    return { name, type, ...collation };
  });
  const chosen = input.accept('with') ? input.parenthesized(() => parseBulkOption(input)) : [];
  return { kind: 'insert-bulk', table, columns, options: chosen };
}

function parseBulkOption(input: TokenReader): string {
  const { kind, key, value } = input.current;
  if (kind !== 'word') throw input.unexpected();
  const at = input.at;
  input.take();
  if (options.has(key)) return key;
  if (numberedOptions.has(key)) {
    input.expectSymbol('=');
    if (input.current.kind !== 'integer') throw input.unexpected();
    input.take();
    return key;
  }
  // ORDER only promises how the rows come: nothing here relies on it.
  if (key === 'order') {
    input.parenthesized(() => {
      parseNameText(input);
      if (!input.accept('desc')) input.accept('asc');
    });
    return key;
  }
  throw refusedOption(`INSERT BULK WITH ${value.toUpperCase()}`, at);
}
