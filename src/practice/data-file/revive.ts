import { attachIndex } from '../engine/definition/indexes.ts';
import type { Database, SessionState, Table } from '../engine/model.ts';
import type { CompileContext } from '../engine/query/compile-context.ts';
import { rowsOf, TableRows } from '../engine/rows/table-rows.ts';
import type { Instance } from '../engine/run/context.ts';
import type { Row } from '../engine/types.ts';
import { reviveModule, reviveTable } from './definitions.ts';

/** The rows of a table with their numbers, in ascending order. */
export type RowSource = (table: Table) => Iterable<readonly [id: number, row: Row]>;

/** Gives a database that was kept as plain data its syntax trees, rows and indexes again. Throws where they do not fit. */
export function revive(
  database: Database,
  quotesAreTexts: ReadonlySet<number>,
  rows: RowSource,
  { instance, session }: { readonly instance: Instance; readonly session: SessionState },
): void {
  for (const object of database.objects.values()) {
    if (object.kind === 'table') {
      Object.assign(object, { storage: new TableRows() });
      reviveTable(object);
    } else reviveModule(object, !quotesAreTexts.has(object.id));
  }
  const context: CompileContext = {
    instance,
    session,
    database,
    defaultSchema: undefined,
    variables: new Map(),
    tableVariables: new Map(),
    triggerTable: undefined,
    commonTables: new Map(),
    accesses: [],
    notes: { isSessionBound: false, readsData: false },
    checksAccess: false,
    depth: 0,
  };
  for (const object of database.objects.values())
    if (object.kind === 'table') fill(object, rows(object), context);
}

function fill(table: Table, rows: ReturnType<RowSource>, context: CompileContext): void {
  const storage = rowsOf(table);
  for (const [id, row] of rows) {
    if (row.length !== table.columns.length) throw new Error(`a row of ${table.name} has other columns`);
    storage.bringBack(id, row);
  }
  for (const index of table.indexes)
    if (!index.isDisabled) attachIndex(table, index, context.database, context);
}
