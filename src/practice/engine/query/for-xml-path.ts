/** FOR XML PATH as people use it to join texts: one column without a name, its values one after another. */

import { Refusal } from '../extension.ts';
import type { ResultColumn, Value } from '../types.ts';
import type { CompiledQuery } from './compiled-query.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const textOf = (value: Value): string => {
  if (value === null) return '';
  if (typeof value === 'string')
    return value.replace(/[&<>]/g, (character) => escapes[character] ?? character);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw new Refusal('FOR XML PATH of this type');
};

export const joinXmlPath = (
  query: CompiledQuery,
  options: { readonly element: string; readonly isTyped: boolean },
): CompiledQuery => {
  const column = query.columns[0];
  if (options.element !== '' || query.columns.length !== 1 || column === undefined || column.name !== '') {
    throw new Refusal("FOR XML other than PATH('') of one column without a name");
  }
  const kinds = ['char', 'varchar', 'nchar', 'nvarchar', 'int', 'bigint', 'smallint', 'tinyint'];
  if (!kinds.includes(column.type.kind)) throw new Refusal(`FOR XML PATH of ${column.type.kind}`);
  const result: ResultColumn = { name: '', type: { kind: 'nvarchar', length: 'max' }, isNullable: true };
  return {
    columns: [result],
    isIndependent: query.isIndependent,
    assigns: false,
    *rows(execution, outer) {
      let text: string | null = null;
      for (const row of query.rows(execution, outer)) {
        if (row === undefined) yield undefined;
        else text = (text ?? '') + textOf(row[0] ?? null);
      }
      yield [text];
    },
  };
};
