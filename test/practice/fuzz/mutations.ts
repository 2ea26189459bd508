/** T-SQL that nobody would write: conformance batches with something broken. */

import { readCases } from '../../conformance/cases.ts';
import type { Random } from '../campaign.ts';

/** Every batch of the conformance cases. */
export const conformanceBatches = (): readonly string[] =>
  ['expressions', 'statements', 'sessions', 'own']
    .flatMap((name) => {
      try {
        return readCases(`./${name}.jsonl`);
      } catch (problem) {
        if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw problem;
      }
    })
    .flatMap((one) => one.batches.map((batch) => (typeof batch === 'string' ? batch : batch.sql)));

const piece = /'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|[@#\w$.]+|\s+|[\s\S]/g;
const piecesOf = (text: string): string[] => text.match(piece) ?? [];

export const edges = [
  '0', '-1', '1', '2147483647', '-2147483648', '2147483648', '9223372036854775807', '-9223372036854775808',
  '99999999999999999999999999999999999999', '0.1', '1e308', '1e-400', '-0.0', '1e5', '$922337203685477.5807', "''", "' '", 'NULL',
  "N'\u{1F600}'", "'1e'", "'9999-12-31 23:59:59.9999999'", "'1753-01-01'", "'0001-01-01'", '0x', '0xFF', "'+'", "'.'", "'-'",
  'DEFAULT', '@@ROWCOUNT', '@@TRANCOUNT', '(SELECT 1)', '(SELECT NULL WHERE 1=0)', 'getdate()', 'newid()', 'cast(1 as bit)',
  "cast('1' as varchar(max))", "cast(1 as sql_variant)", "cast('<a/>' as xml)", 'cast(1 as numeric(38,38))',
]; // biome-ignore format: a list to read at a glance

const words = [
  'SELECT', 'FROM', 'WHERE', 'AND', 'OR', 'NOT', 'NULL', 'IN', 'EXISTS', 'LIKE', 'BETWEEN', 'IS', 'AS', 'ON', 'JOIN', 'LEFT', 'OUTER',
  'CROSS', 'APPLY', 'UNION', 'ALL', 'EXCEPT', 'ORDER', 'BY', 'GROUP', 'HAVING', 'TOP', 'DISTINCT', 'INSERT', 'INTO', 'VALUES', 'UPDATE',
  'SET', 'DELETE', 'OUTPUT', 'BEGIN', 'END', 'IF', 'ELSE', 'WHILE', 'BREAK', 'CONTINUE', 'RETURN', 'TRY', 'CATCH', 'TRAN', 'COMMIT',
  'ROLLBACK', 'SAVE', 'EXEC', 'DECLARE', 'TABLE', 'CREATE', 'ALTER', 'DROP', 'INDEX', 'VIEW', 'PROCEDURE', 'TRIGGER', 'FUNCTION', 'WITH',
  'CASE', 'WHEN', 'THEN', 'CAST', 'OVER', 'PARTITION', 'RAISERROR', 'PRINT', 'GO', 'USE', 'IDENTITY', 'PRIMARY', 'KEY', 'DEFAULT', 'CHECK',
  '(', ')', ',', ';', '=', '<', '>', '*', '+', '-', '/', '%', '.', '..', '[', ']', "'", '"', '/*', '*/', '--', '@', '#', '\u0000', '\ufeff',
]; // biome-ignore format: a list to read at a glance

/** One batch with one to three things broken in it. */
export const mutated = (random: Random, batches: readonly string[]): string => {
  const pieces = piecesOf(random.pick(batches));
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(pieces.length + 1);
    switch (random.below(28)) {
      case 0:
        pieces.splice(at, 1);
        break;
      case 1:
        pieces.splice(at, 0, pieces[random.below(pieces.length)] ?? '');
        break;
      case 2: {
        const other = random.below(pieces.length);
        [pieces[at], pieces[other]] = [pieces[other] ?? '', pieces[at] ?? ''];
        break;
      }
      case 3: {
        const other = piecesOf(random.pick(batches));
        const from = random.below(other.length);
        pieces.splice(at, random.below(4), ...other.slice(from, from + 1 + random.below(12)));
        break;
      }
      case 4:
        pieces.splice(at, 0, ' ', random.pick(words), ' ');
        break;
      case 7: {
        const inner = pieces.slice(at, at + 1 + random.below(6));
        const depth = random.chance(0.05) ? 500 : 1 + random.below(3);
        pieces.splice(at, inner.length, '('.repeat(depth), ...inner, ')'.repeat(depth));
        break;
      }
      case 8:
        if (random.chance(0.3)) pieces.length = Math.min(pieces.length, at);
        else pieces.push(' ', ...piecesOf(random.pick(batches)));
        break;
      case 5:
      case 6:
      case 9: {
        const names = [...pieces.keys()].filter((i) => /^[a-z@#]\w*$/i.test(pieces[i] ?? ''));
        if (names.length > 1) pieces[random.pick(names)] = pieces[random.pick(names)] ?? '';
        break;
      }
      default: {
        // A value gives way to one at the edge of what types hold.
        const values = [...pieces.keys()].filter((i) => /^(?:\d|'|@\w)/.test(pieces[i] ?? ''));
        if (values.length > 0) pieces[random.pick(values)] = random.pick(edges);
      }
    }
  }
  const text = pieces.join('');
  return random.chance(0.03) ? text.slice(0, random.below(text.length + 1)) : text;
};
