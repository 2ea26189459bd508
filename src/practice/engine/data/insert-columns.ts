/** Which columns an INSERT fills. */

import type { DataStatement } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { type Column, foldName, type Table } from '../model.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { combinedErrors } from '../run/several-errors.ts';
import { assignedTwice } from './data-errors.ts';
import { columnOrdinal } from './table-writer.ts';
import type { Target } from './targets.ts';

type Insert = Pick<DataStatement & { readonly kind: 'insert' }, 'columns' | 'source'>;

/** Tables for which a session has SET IDENTITY_INSERT ON; kept by the interpreter. */
export const identityInsertTables = new WeakMap<object, Table>();

const isSupplied = (column: Column, allowsIdentity: boolean): boolean =>
  column.computed === undefined &&
  column.type.kind !== 'rowversion' &&
  (!column.isIdentity || allowsIdentity);

/** `problem` is an error about identity values: it is one of the running statement, not of its compilation. */
export type InsertColumns = { readonly ordinals: readonly number[]; readonly problem: SqlError | undefined };

/** Positions of the columns, in the order of the values. Throws 207, 213, 264, 271, 273, 544, 8101. */
export const insertColumns = (
  { columns, source }: Insert,
  target: Target,
  context: CompileContext,
): InsertColumns => {
  const { table } = target;
  const allowsIdentity = identityInsertTables.get(context.session) === table;
  if (table.identity !== undefined) context.notes.followsIdentityInsert = true;
  let problem: SqlError | undefined;
  if (source.kind === 'default-values') return { ordinals: [], problem };
  if (columns === undefined) {
    const all = table.columns.flatMap((column, i) => (isSupplied(column, false) ? [i] : []));
    const width = source.kind === 'values' ? source.rows[0]?.length : undefined;
    if (width !== undefined && width !== all.length) {
      const withIdentity = table.columns.filter((column) => column.computed === undefined).length;
      if (table.identity !== undefined && width === withIdentity) {
        return {
          ordinals: table.columns.flatMap((column, i) => (column.computed === undefined ? [i] : [])),
          problem: explicitIdentity(table, target),
        };
      }
      throw new SqlError(213, 'Column name or number of supplied values does not match table definition.');
    }
    return { ordinals: all, problem };
  }
  const unknown = columns.filter((name) => columnOrdinal(table, name.text) < 0);
  const [first, ...others] = unknown.map((name) => new SqlError(207, `Invalid column name '${name.text}'.`));
  if (first !== undefined) throw combinedErrors([first, ...others]);
  const ordinals = columns.map((name) => {
    const ordinal = columnOrdinal(table, name.text);
    const column = table.columns[ordinal];
    if (column === undefined) throw new SqlError(207, `Invalid column name '${name.text}'.`);
    if (column.computed !== undefined) {
      throw new SqlError(
        271,
        `The column "${column.name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
      );
    }
    if (column.type.kind === 'rowversion') {
      throw new SqlError(
        273,
        'Cannot insert an explicit value into a timestamp column. Use INSERT with a column list to exclude the timestamp column, or insert a DEFAULT into the timestamp column.',
      );
    }
    if (column.isIdentity && !allowsIdentity) {
      problem ??= new SqlError(
        544,
        `Cannot insert explicit value for identity column in table '${table.name}' when IDENTITY_INSERT is set to OFF.`,
      );
    }
    return ordinal;
  });
  const seen = new Set<string>();
  for (const name of columns) {
    if (seen.has(foldName(name.text))) {
      throw assignedTwice(name.text);
    }
    seen.add(foldName(name.text));
  }
  if (allowsIdentity && table.identity !== undefined) {
    const identity = table.columns.findIndex((column) => column.isIdentity);
    if (!ordinals.includes(identity)) {
      problem ??= new SqlError(
        545,
        `Explicit value must be specified for identity column in table '${table.name}' either when IDENTITY_INSERT is set to ON or when a replication user is inserting into a NOT FOR REPLICATION identity column.`,
      );
    }
  }
  return { ordinals, problem };
};

const fullName = (table: Table, target: Target): string =>
  table.name.startsWith('#') || table.name.startsWith('@')
    ? table.name
    : `${target.database.name}.${table.schema.name}.${table.name}`;

const explicitIdentity = (table: Table, target: Target): SqlError =>
  new SqlError(
    8101,
    `An explicit value for the identity column in table '${fullName(table, target)}' can only be specified when a column list is used and IDENTITY_INSERT is ON.`,
  );
