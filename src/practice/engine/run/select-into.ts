/** SELECT ... INTO: creates the table and fills it, in one statement. */

import type { ColumnDefinition, ObjectName, Query, Statement, TypeName } from '../../language/syntax.ts';
import { commands, type DataOutcome } from '../data/data-plan.ts';
import { noteIdentity } from '../data/insert.ts';
import { writerContext, writerFor } from '../data/table-writer.ts';
import { insertRows } from '../data/write-rows.ts';
import { placeOf } from '../definition/change.ts';
import { createTable } from '../definition/create-table.ts';
import { SqlError } from '../extension.ts';
import type { CompileContext } from '../query/compile-context.ts';
import type { CompiledQuery } from '../query/compiled-query.ts';
import { findObject } from '../query/objects.ts';
import { compileQuery } from '../query/query.ts';
import { convert } from '../scalar/index.ts';
import type { ResultColumn, SqlType, Value } from '../types.ts';
import { contextOf } from './compile.ts';
import type { Work } from './context.ts';
import { changeWithWork } from './definition-run.ts';
import { takeIdentity } from './identity-function.ts';
import { pace } from './pace.ts';
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

const columnOf = (
  column: ResultColumn,
  at: TypeName['at'],
  identity: { readonly seed: bigint; readonly increment: bigint } | undefined,
): ColumnDefinition => ({
  name: { text: column.name, at },
  type: typeNameOf(column.type, at),
  ...(column.type.collation === undefined ? {} : { collation: column.type.collation }),
  isNullable: column.isNullable && identity === undefined,
  ...(identity === undefined ? {} : { identity: { seed: identity.seed, increment: identity.increment } }),
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

/** The table that SELECT INTO names, when it is one; of a UNION its first SELECT says it. */
export const intoOf = ({ body }: Pick<Query, 'body'>): ObjectName | undefined => {
  if (body.kind === 'set-operation') return intoOf({ body: body.left });
  return body.kind === 'select' ? body.into : undefined;
};

/**
 * What an identity column of the source hands on to the new table: nothing where the query joins, combines or
 * groups, or lists the column twice.
 * https://learn.microsoft.com/sql/t-sql/queries/select-into-clause-transact-sql
 */
const inheritedIdentity = (
  { body }: Query,
  columns: readonly ResultColumn[],
  context: CompileContext,
): { readonly seed: bigint; readonly increment: bigint } | undefined => {
  const identities = columns.filter((column) => column.isIdentity === true);
  if (identities.length !== 1 || body.kind !== 'select' || body.from.length !== 1) return undefined;
  const [source] = body.from;
  if (source?.kind === 'join' || body.groupBy.length > 0 || body.having !== undefined) return undefined;
  const found = source?.kind === 'table' ? findObject(source.name, context)?.object : undefined;
  return found?.kind === 'table' && found.identity !== undefined
    ? { seed: found.identity.seed, increment: found.identity.increment }
    : { seed: 1n, increment: 1n };
};

export const runSelectInto = async (
  run: Run,
  statement: Statement & { readonly kind: 'query' },
  into: ObjectName,
): Promise<DataOutcome> => {
  const { query } = statement;
  const { query: plain, identity: made } = takeIdentity(query);
  // The work may begin again, with subqueries computed ahead that belong to this very plan.
  let plan: { readonly version: number; readonly compiled: CompiledQuery } | undefined;
  const count = await changeWithWork(run, function* (undo, execution): Work<number> {
    const context = contextOf(run);
    const version = execution.instance.catalogVersion;
    if (plan?.version !== version) plan = { version, compiled: compileQuery(plain, context, undefined) };
    const { compiled } = plan;
    checkColumnNames(compiled.columns, into);
    const madeAt =
      made === undefined ? -1 : compiled.columns.findIndex((column) => column.name === made.column);
    const inherited = inheritedIdentity(query, compiled.columns, context);
    const existing = compiled.columns.find((column) => column.isIdentity === true);
    if (made !== undefined && inherited !== undefined && existing !== undefined) {
      throw new SqlError(
        8108,
        `Cannot add identity column, using the SELECT INTO statement, to table '${into.name}', which already has column '${existing.name}' that inherits the identity property.`,
      );
    }
    const rows: Value[][] = [];
    for (const row of compiled.rows(execution, undefined)) {
      if (row === undefined) {
        yield;
        continue;
      }
      const values = [...row];
      const type = compiled.columns[madeAt]?.type;
      if (made !== undefined && type !== undefined) {
        const value = made.seed + BigInt(rows.length) * made.increment;
        values[madeAt] = convert(value, { kind: 'bigint' }, type, { explicit: false });
      }
      if ((rows.push(values) & 1023) === 0 || pace.isOverdue) yield;
    }
    const change = { run, undo, execution, context };
    const definition = {
      columns: compiled.columns.map((column, i) =>
        columnOf(
          column,
          statement.at,
          i === madeAt ? made : column.isIdentity === true ? inherited : undefined,
        ),
      ),
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
