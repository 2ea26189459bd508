/** What a table asks of the rows that are written to it: types, defaults, computed columns, checks, keys. */

import { SqlError } from '../extension.ts';
import {
  type Column,
  type Constraint,
  type Database,
  foldName,
  type Index,
  type SessionState,
  type Table,
} from '../model.ts';
import { Binding } from '../query/binding.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { columnsOfTable } from '../query/table-names.ts';
import { moduleContext } from '../query/views.ts';
import { keyTarget, LockWait, rangeTarget } from '../rows/locks.ts';
import type { IndexKey, RowIndex } from '../rows/row-index.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { Execution, RowFrame } from '../run/context.ts';
import {
  type Compiled,
  compileCondition,
  compileExpression,
  convert,
  storeConverter,
} from '../scalar/index.ts';
import type { Row, SqlType, Value } from '../types.ts';

export type Verb = 'INSERT' | 'UPDATE' | 'DELETE' | 'ALTER TABLE';

type Check = { readonly constraint: Constraint; readonly test: (frame: RowFrame) => boolean | null };
type ColumnRule = {
  readonly column: Column;
  readonly fallback: ((frame: RowFrame) => Value) | undefined;
  readonly computed: ((frame: RowFrame) => Value) | undefined;
};

export class TableWriter {
  readonly table: Table;
  readonly database: Database;
  readonly rules: readonly ColumnRule[];
  private readonly checks: readonly Check[];
  private readonly hasComputed: boolean;
  readonly rowversionOrdinal: number;
  readonly identityOrdinal: number;

  constructor(table: Table, database: Database, context: CompileContext) {
    this.table = table;
    this.database = database;
    const inner = moduleContext(context, database, table.schema);
    const binding = new Binding(inner, undefined);
    binding.addTable({
      name: table.name,
      columns: columnsOfTable(table),
      slot: binding.newSlot(),
      isOptional: false,
    });
    const empty = new Binding(inner, undefined);
    const stored = (compiled: Compiled, type: SqlType) => {
      const store = storeConverter(compiled.type, type, context.session);
      return (frame: RowFrame): Value => store(compiled.evaluate(frame));
    };
    this.rules = table.columns.map((column) => ({
      column,
      fallback:
        column.default === undefined
          ? undefined
          : stored(compileExpression(column.default.definition.expression, empty), column.type),
      computed:
        column.computed === undefined
          ? undefined
          : stored(compileExpression(column.computed.expression, binding), column.type),
    }));
    this.hasComputed = table.columns.some((column) => column.computed !== undefined);
    this.rowversionOrdinal = table.columns.findIndex((column) => column.type.kind === 'rowversion');
    this.identityOrdinal = table.columns.findIndex((column) => column.isIdentity);
    this.checks = table.constraints
      .filter((constraint) => constraint.type === 'C' && !constraint.isDisabled)
      .flatMap((constraint) => {
        const { definition } = constraint;
        if (definition.kind !== 'check') return [];
        return [{ constraint, test: compileCondition(definition.condition, binding) }];
      });
  }

  /** Fills in computed columns and the row's version; throws 515 and 547 where the row is not allowed. */
  complete(values: Value[], verb: Verb, execution: Execution, checksConstraints = true): Row {
    const frame: RowFrame = { runtime: execution, rows: [values], outer: undefined };
    if (this.rowversionOrdinal >= 0)
      values[this.rowversionOrdinal] = nextRowversion(this.database, execution);
    if (this.hasComputed) {
      this.rules.forEach(({ computed }, i) => {
        if (computed !== undefined) values[i] = computed(frame);
      });
    }
    for (let i = 0; i < this.rules.length; i++) {
      const column = this.rules[i]?.column;
      if (column !== undefined && !column.isNullable && (values[i] ?? null) === null)
        throw this.noNull(column, verb);
    }
    if (!checksConstraints) return values;
    for (const { constraint, test } of this.checks) {
      if (test(frame) === false)
        throw this.conflict(verb, 'CHECK', constraint.name, this.checkedColumn(constraint));
    }
    return values;
  }

  private noNull(column: Column, verb: Verb): SqlError {
    return new SqlError(
      515,
      `Cannot insert the value NULL into column '${column.name}', table '${qualifiedName(this.table, this.database)}'; column does not allow nulls. ${verb} fails.`,
      16,
      2,
    );
  }

  /** A check that was written with a column names it in the message. */
  private checkedColumn(constraint: Constraint): string | undefined {
    return this.table.columns.find((column) => column.id === constraint.columnId)?.name;
  }

  conflict(
    verb: Verb,
    kind: string,
    name: string,
    column: string | undefined,
    table: Table = this.table,
  ): SqlError {
    return new SqlError(
      547,
      `The ${verb} statement conflicted with the ${kind} constraint "${name}". The conflict occurred in database "${this.database.name}", table "${table.schema.name}.${table.name}"${column === undefined ? '' : `, column '${column}'`}.`,
      16,
      0,
    );
  }

  /**
   * Makes sure that no unique index has the row's key twice, and that nobody keeps one of its keys from others.
   * `before` are its values before the statement: a key that did not change needs no check. Throws 2627, 2601, or
   * LockWait.
   */
  verifyKeys(row: StoredRow, execution: Execution, before?: Row): void {
    const storage = rowsOf(this.table);
    const { values } = row;
    if (values === null) return;
    for (const index of storage.indexes.values()) {
      if (!(index.index.isUnique || index.hasKept) || !index.accepts(values)) continue;
      if (before !== undefined && index.isUnmoved(before, values)) continue;
      const key = index.key(values);
      this.awaitKeepers(index, key, execution);
      if (!index.index.isUnique) continue;
      for (const other of index.find(key)) {
        if (other === row) continue;
        if (other.writer !== undefined && other.writer !== row.writer) {
          throw new LockWait([other.writer.session], keyTarget(this.table, this.database.id, other), 'X');
        }
        if (other.values === null || !index.accepts(other.values) || index.key(other.values) !== key)
          continue;
        throw this.duplicate(index.index, values, execution.session);
      }
      this.refuseSnapshotDuplicate(row, index, key);
    }
  }

  private awaitKeepers(index: RowIndex, key: IndexKey, { transaction }: Execution): void {
    const keepers = index.keepers(key, 'X', transaction);
    if (keepers.length === 0) return;
    throw new LockWait(
      keepers.map(({ session }) => session),
      rangeTarget(this.table, this.database.id, key),
      'RangeI-N',
    );
  }

  /** A snapshot transaction still sees the row that another one deleted under this key: it may not see two. */
  private refuseSnapshotDuplicate({ writer }: StoredRow, index: RowIndex, key: IndexKey): void {
    const snapshot = writer?.snapshot;
    if (snapshot === undefined) return;
    for (const old of rowsOf(this.table).remembered) {
      if (old.writer === writer || old.sequence <= snapshot) continue;
      const seen = old.asOf(snapshot);
      if (seen !== null && index.accepts(seen) && index.key(seen) === key)
        throw updateConflict(this.table, this.database);
    }
  }

  duplicate(index: Index, values: Row, session: SessionState): SqlError {
    const object = `${this.table.schema.name}.${this.table.name}`;
    const key = `(${keyText(this.table, index, values, session)})`;
    if (!index.isPrimaryKey && !index.isUniqueConstraint) {
      return new SqlError(
        2601,
        `Cannot insert duplicate key row in object '${object}' with unique index '${index.name}'. The duplicate key value is ${key}.`,
        14,
      );
    }
    const kind = index.isPrimaryKey ? 'PRIMARY KEY' : 'UNIQUE KEY';
    return new SqlError(
      2627,
      `Violation of ${kind} constraint '${index.name}'. Cannot insert duplicate key in object '${object}'. The duplicate key value is ${key}.`,
      14,
    );
  }
}

/** 3960: the row has changed since the snapshot that the transaction reads. */
export const updateConflict = (table: Table, database: Database): SqlError =>
  new SqlError(
    3960,
    `Snapshot isolation transaction aborted due to update conflict. You cannot use snapshot isolation to access table '${table.schema.name}.${table.name}' directly or indirectly in database '${database.name}' to update, delete, or insert the row that has been modified or deleted by another transaction. Retry the transaction or change the isolation level for the update/delete statement.`,
    16,
    2,
  );

export const qualifiedName = (table: Table, database: Database): string =>
  `${database.name}.${table.schema.name}.${table.name}`;

/** Key values as messages show them. */
export const keyText = (table: Table, index: Index, values: Row, session: SessionState): string =>
  index.columns
    .map(({ columnId }) => {
      const ordinal = table.columns.findIndex((column) => column.id === columnId);
      const type = table.columns[ordinal]?.type;
      const value = values[ordinal] ?? null;
      if (value === null || type === undefined) return '<NULL>';
      const text = convert(value, type, { kind: 'nvarchar', length: 4000 }, { explicit: true, session });
      return typeof text === 'string' ? text : '';
    })
    .join(', ');

/** The next rowversion of the database; the transaction remembers its lowest for MIN_ACTIVE_ROWVERSION(). */
export const nextRowversion = (database: Database, { transaction }: Execution): Buffer => {
  const value = database.rowversion;
  database.rowversion += 1n;
  transaction.noteRowversion(database, value);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};

const writers = new WeakMap<Table, { readonly version: number; readonly writer: TableWriter }>();

/** The table's writer; made anew when a definition has changed. */
export const writerFor = (table: Table, database: Database, context: CompileContext): TableWriter => {
  const version = context.instance.catalogVersion;
  const known = writers.get(table);
  if (known?.version === version) return known.writer;
  const writer = new TableWriter(table, database, context);
  writers.set(table, { version, writer });
  return writer;
};

/** The context in which a table's own expressions are compiled when a statement runs. */
export const writerContext = (execution: Execution): CompileContext => ({
  instance: execution.instance,
  session: execution.session,
  database: execution.database,
  defaultSchema: undefined,
  variables: new Map(),
  tableVariables: new Map(),
  triggerTable: undefined,
  commonTables: new Map(),
  accesses: [],
  notes: { isSessionBound: false, readsData: false },
  checksAccess: false,
  depth: 0,
});

export const columnOrdinal = (table: Table, name: string): number => {
  const folded = foldName(name);
  return table.columns.findIndex((column) => foldName(column.name) === folded);
};
