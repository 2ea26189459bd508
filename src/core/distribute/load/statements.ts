import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import { compared, incoming, type TravellingColumn } from '../../sync/transfer/columns.ts';
import { lineColumn } from './stage-rows.ts';
import type { LoadTable, TableSet } from './table-sets.ts';

/** What the rows are loaded for. */
export type LoadScope = {
  readonly company: string;
  /** The database has rows of other companies: what all share is then never taken away. */
  readonly isShared: boolean;
};

/** The rows of a table that a load writes. */
export type Written = { readonly added: number; readonly changed: number; readonly gone: number };

/** One row a table of the set, in its order: `added`, `changed`, `gone`. Changes nothing. */
export function compareStatement({ tables }: TableSet, scope: LoadScope): string {
  return tables
    .map(
      (table) => `SELECT (SELECT COUNT(*) FROM ${table.staging} AS s WHERE ${isNew(table)}) AS added,
  (SELECT COUNT(*) FROM ${baseOf(table)} AS b JOIN ${table.staging} AS s ON ${match(table)} WHERE ${differs(table)}) AS changed,
  ${removes(table, scope) ? `(SELECT COUNT(*) FROM ${baseOf(table)} AS b WHERE ${isGone(table, scope)})` : '0'} AS gone`,
    )
    .join('\nUNION ALL ');
}

/**
 * One transaction: rows that are gone in reverse order, then changed and new ones in order. What is the same already is
 * not written, so that the registers receive what really changed and nothing else. Gives what `compareStatement` gives.
 */
export function writeStatement({ tables }: TableSet, scope: LoadScope): string {
  const counters = tables.map((_, index) => `@gone${index} int, @changed${index} int, @added${index} int`);
  const nothing = tables.map((_, index) => `SET @gone${index} = 0;`);
  const gone = tables
    .map((table, index) =>
      removes(table, scope)
        ? `DELETE b FROM ${baseOf(table)} AS b WHERE ${isGone(table, scope)}; SET @gone${index} = @@ROWCOUNT;`
        : '',
    )
    .toReversed();
  const rows = tables.map((table, index) => {
    const names = table.columns.map(({ name }) => quoteName(name)).join(', ');
    const set = settable(table).map((column) => `${quoteName(column.name)} = ${incoming(column, 's')}`);
    const update =
      set.length === 0
        ? `SET @changed${index} = 0;`
        : `UPDATE b SET ${set.join(', ')}
FROM ${baseOf(table)} AS b JOIN ${table.staging} AS s ON ${match(table)} WHERE ${differs(table)}; SET @changed${index} = @@ROWCOUNT;`;
    const insert = `INSERT INTO ${baseOf(table)} (${names}) SELECT ${table.columns.map((column) => incoming(column, 's')).join(', ')}
FROM ${table.staging} AS s WHERE ${isNew(table)}; SET @added${index} = @@ROWCOUNT;`;
    return `${update}\n${table.columns.some(({ isIdentity }) => isIdentity) ? withOwnNumbers(table, insert) : insert}`;
  });
  const counted = tables.map(
    (_, index) => `SELECT @added${index} AS added, @changed${index} AS changed, @gone${index} AS gone`,
  );
  return `SET XACT_ABORT ON; SET NOCOUNT ON; SET DEADLOCK_PRIORITY LOW;
DECLARE ${counters.join(', ')};
${nothing.join(' ')}
BEGIN TRANSACTION;
${[...gone, ...rows].filter((text) => text !== '').join('\n')}
COMMIT TRANSACTION;
${counted.join(' UNION ALL ')};`;
}

/** The first two lines that have the same key for the server, whose collation may take two texts for one. */
export function duplicateStatement(table: LoadTable): string {
  const key = keyOf(table);
  const values = key.map((column, index) => `${incoming(column, 's')} AS k${index}`);
  const names = key.map((_, index) => `k${index}`).join(', ');
  return `SELECT TOP 1 MIN(line) AS firstLine, MAX(line) AS secondLine
FROM (SELECT s.${lineColumn} AS line, ${values.join(', ')} FROM ${table.staging} AS s) AS q
GROUP BY ${names} HAVING COUNT(*) > 1 ORDER BY MIN(line);`;
}

/** The first line whose key belongs to a row of another company; undefined where the key or the table says no company. */
export function foreignStatement(table: LoadTable, { company }: LoadScope): string | undefined {
  const own = table.company;
  if (own === undefined || table.shape.primaryKey.includes(own.name)) return undefined;
  return `SELECT TOP 1 s.${lineColumn} AS line FROM ${table.staging} AS s JOIN ${baseOf(table)} AS b ON ${match(table)}
WHERE b.${quoteName(own.name)} <> ${quoteString(company)} OR b.${quoteName(own.name)} IS NULL ORDER BY s.${lineColumn};`;
}

const removes = ({ kind, company }: LoadTable, { isShared }: LoadScope): boolean =>
  kind === 'N' && (company !== undefined || !isShared);

const baseOf = ({ shape }: LoadTable): string => quoteNames(shape.schema, shape.name);

const keyOf = ({ columns, shape }: LoadTable): readonly TravellingColumn[] =>
  columns.slice(0, shape.primaryKey.length);

const match = (table: LoadTable): string =>
  keyOf(table)
    .map((column) => `b.${quoteName(column.name)} = ${incoming(column, 's')}`)
    .join(' AND ');

const isNew = (table: LoadTable): string =>
  `NOT EXISTS (SELECT 1 FROM ${baseOf(table)} AS b WHERE ${match(table)})`;

function isGone(table: LoadTable, { company }: LoadScope): string {
  const own =
    table.company === undefined ? '' : `b.${quoteName(table.company.name)} = ${quoteString(company)} AND `;
  return `${own}NOT EXISTS (SELECT 1 FROM ${table.staging} AS s WHERE ${match(table)})`;
}

/** A key that the server would number itself keeps the numbers of the pack. */
const withOwnNumbers = (table: LoadTable, insert: string): string =>
  `SET IDENTITY_INSERT ${baseOf(table)} ON;\n${insert}\nSET IDENTITY_INSERT ${baseOf(table)} OFF;`;

/** Also a key of text: the server may take 'a' for 'A', and the pack decides how it is written. */
const settable = ({ shape, columns }: LoadTable): readonly TravellingColumn[] =>
  columns.filter(({ name, type }) => !shape.primaryKey.includes(name) || type.endsWith('char'));

function differs(table: LoadTable): string {
  const columns = settable(table);
  if (columns.length === 0) return '1 = 0';
  const side = (value: (column: TravellingColumn) => string) =>
    columns.map((column) => compared(column, value(column))).join(', ');
  return `EXISTS (SELECT ${side((column) => incoming(column, 's'))} EXCEPT SELECT ${side((column) => `b.${quoteName(column.name)}`)})`;
}
