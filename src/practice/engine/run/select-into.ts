/** SELECT ... INTO: creates the table and fills it, in one statement. */

import type { ColumnDefinition, ObjectName, Query, Statement, TypeName } from '../../language/syntax.ts';
import { commands, type DataOutcome } from '../data/data-plan.ts';
import { noteIdentity } from '../data/insert.ts';
import { writerContext, writerFor } from '../data/table-writer.ts';
import { insertRows } from '../data/write-rows.ts';
import { placeOf } from '../definition/change.ts';
import { createTable } from '../definition/create-table.ts';
import { Refusal, SqlError } from '../extension.ts';
import { compileQuery } from '../query/query.ts';
import type { ResultColumn, SqlType, Value } from '../types.ts';
import { contextOf } from './compile.ts';
import type { Work } from './context.ts';
import { changeWithWork } from './definition-run.ts';
import type { Run } from './run.ts';

const lengths: ReadonlySet<SqlType['kind']> = new Set([
  'char',
  'varchar',
  'nchar',
  'nvarchar',
  'binary',
  'varbinary',
]);
const scales: ReadonlySet<SqlType['kind']> = new Set(['time', 'datetime2', 'datetimeoffset']);

const typeNameOf = (type: SqlType, at: TypeName['at']): TypeName => {
  if (lengths.has(type.kind)) return { name: type.kind, arguments: [type.length ?? 1], at };
  if (type.kind === 'numeric' || type.kind === 'decimal') {
    return { name: type.kind, arguments: [type.precision ?? 18, type.scale ?? 0], at };
  }
  if (scales.has(type.kind)) return { name: type.kind, arguments: [type.scale ?? 7], at };
  if (type.kind === 'null') return { name: 'int', arguments: [], at };
  if (type.kind === 'rowversion') return { name: 'timestamp', arguments: [], at };
  return { name: type.kind, arguments: [], at };
};

const columnOf = (column: ResultColumn, at: TypeName['at']): ColumnDefinition => ({
  name: { text: column.name, at },
  type: typeNameOf(column.type, at),
  ...(column.type.collation === undefined ? {} : { collation: column.type.collation }),
  isNullable: column.isNullable,
  ...(column.isIdentity === true ? { identity: { seed: 1n, increment: 1n } } : {}),
  isRowGuid: false,
  constraints: [],
});

export const checkColumnNames = (columns: readonly ResultColumn[], into: ObjectName): void => {
  columns.forEach((column, i) => {
    if (column.name === '') {
      throw new SqlError(
        1038,
        'An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name.',
        15,
        5,
      );
    }
    const first = columns.findIndex((other) => other.name.toUpperCase() === column.name.toUpperCase());
    if (first !== i) {
      throw new SqlError(
        2705,
        `Column names in each table must be unique. Column name '${column.name}' in table '${into.name}' is specified more than once.`,
        16,
        3,
      );
    }
  });
};

/** The table that SELECT INTO names, when it is one. */
export const intoOf = (query: Query): ObjectName | undefined =>
  query.body.kind === 'select' ? query.body.into : undefined;

export const runSelectInto = async (
  run: Run,
  statement: Statement & { readonly kind: 'query' },
  into: ObjectName,
): Promise<DataOutcome> => {
  const { query } = statement;
  const count = await changeWithWork(run, function* (undo, execution): Work<number> {
    const context = contextOf(run);
    const compiled = compileQuery(query, context, undefined);
    checkColumnNames(compiled.columns, into);
    const identities = compiled.columns.filter((column) => column.isIdentity === true);
    if (identities.length > 1) throw new Refusal('SELECT INTO with several identity columns');
    const rows: Value[][] = [];
    for (const row of compiled.rows(execution, undefined)) {
      if (row === undefined) yield;
      else rows.push([...row]);
    }
    const change = { run, undo, execution, context };
    const definition = {
      columns: compiled.columns.map((column) => columnOf(column, statement.at)),
      constraints: [],
      indexes: [],
    };
    const table = createTable(change, into, definition);
    const writer = writerFor(table, placeOf(into, change).database, writerContext(execution));
    for (const row of rows) {
      const identity = row[writer.identityOrdinal];
      if (typeof identity === 'number' || typeof identity === 'bigint')
        noteIdentity(writer, BigInt(identity));
    }
    return (yield* insertRows(writer, rows, execution)).length;
  });
  run.connection.state.rowCount = BigInt(count);
  return { result: undefined, count, command: commands.insert, changes: [], identity: undefined };
};
