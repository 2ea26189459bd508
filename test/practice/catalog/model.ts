/** A server with one database and a few tables, built without the engine. */

import {
  createDatabase,
  createServer,
  executeSecurity,
  findLogin,
  metadataFunctions,
  systemProcedures,
  systemViews,
  userOf,
} from '../../../src/practice/catalog/index.ts';
import type { ProcedureInvocation, Runtime } from '../../../src/practice/engine/extension.ts';
import {
  type Column,
  type Constraint,
  type Database,
  foldName,
  type Server,
  type SessionState,
  type Table,
} from '../../../src/practice/engine/model.ts';
import type { Message } from '../../../src/practice/engine/results.ts';
import type { Row, SqlType, Value } from '../../../src/practice/engine/types.ts';
import { parseBatch } from '../../../src/practice/language/parser.ts';
import type { Condition, Expression, SecurityStatement } from '../../../src/practice/language/syntax.ts';

export const start = { line: 1, offset: 0 } as const;
export const INT: SqlType = { kind: 'int' };
export const TEXT: SqlType = { kind: 'nvarchar', length: 128 };

/** A server with the database `shop`, owned by sa. */
export function shopServer(): { readonly server: Server; readonly shop: Database } {
  const server = createServer({ login: { user: 'sa', password: 'Secret-123' } });
  const shop = createDatabase(server, 'shop', findLogin(server, 'sa')?.sid ?? Buffer.alloc(1));
  return { server, shop };
}

/** A session of a login in a database. */
export function sessionOf(server: Server, loginName: string, database: Database): SessionState {
  const login = findLogin(server, loginName);
  if (login === undefined) throw new Error(`no login ${loginName}`);
  const user = userOf(server, login, database);
  if (user === undefined) throw new Error(`${loginName} may not enter ${database.name}`);
  const session: SessionState = {
    id: server.next.session++,
    server,
    login,
    database,
    user,
    host: 'TILL-1',
    application: 'test',
    processId: 1,
    isEncrypted: false,
    connectedAt: new Date(),
    lastRequestAt: new Date(),
    status: 'running',
    rowCount: 0n,
    lastError: 0,
    lastIdentity: undefined,
    scopeIdentity: undefined,
    transactionCount: 0,
    transactionState: 0,
    contextInfo: new Uint8Array(),
    language: 'us_english',
    dateFirst: 7,
    dateFormat: 'mdy',
    textSize: 2147483647,
    lockTimeout: -1,
    isolation: 'read committed',
    options: new Set(['ansi_nulls']),
    nestLevel: 0,
    triggerNestLevel: 0,
    moduleId: 0,
    caught: undefined,
  };
  server.sessions.set(session.id, session);
  return session;
}

export const runtimeOf = (session: SessionState): Runtime => ({
  server: session.server,
  session,
  database: session.database,
  now: new Date(),
});

/** Runs security statements; gives back how to undo them. */
export function run(session: SessionState, text: string): () => void {
  const undos: (() => void)[] = [];
  for (const statement of parseBatch(text).statements) {
    executeSecurity(statement as SecurityStatement, session, (change) => undos.push(change));
  }
  return () => {
    for (const undo of undos.toReversed()) undo();
  };
}

/** The number of the error that something throws. */
export function errorOf(work: () => unknown): number | undefined {
  try {
    work();
  } catch (error) {
    return (error as { number?: number }).number;
  }
  return undefined;
}

/** The rows of a view as objects. */
export function rowsOf(
  session: SessionState,
  name: string,
  values: readonly Value[] = [],
): Record<string, Value>[] {
  const view = systemViews.get(name.toLowerCase());
  if (view === undefined) throw new Error(`no view ${name}`);
  return [...view.rows(runtimeOf(session), session.database, values)].map((row) =>
    Object.fromEntries(view.columns.map((column, index) => [column.name, row[index] ?? null])),
  );
}

const typeOf = (value: Value): SqlType => {
  if (typeof value === 'number') return INT;
  if (value instanceof Uint8Array) return { kind: 'varbinary', length: 85 };
  return TEXT;
};

/** Calls a metadata function; variants are unwrapped. */
export function call(session: SessionState, name: string, ...values: readonly Value[]): Value {
  const found = metadataFunctions.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  const result = found.evaluate(values, values.map(typeOf), runtimeOf(session));
  const type = found.resultType(values.map(typeOf), []);
  return type.kind === 'sql_variant' && result !== null && typeof result === 'object' && 'value' in result
    ? (result as { value: Value }).value
    : result;
}

/** What a system procedure did besides changing the model. */
export type Answer = {
  readonly status: number;
  readonly rows: readonly Row[];
  readonly messages: readonly Message[];
  undo(): void;
};

export async function execute(
  session: SessionState,
  name: string,
  given: Record<string, Value>,
): Promise<Answer> {
  const procedure = systemProcedures.get(name);
  if (procedure === undefined) throw new Error(`no procedure ${name}`);
  const undos: (() => void)[] = [];
  const rows: Row[] = [];
  const messages: Message[] = [];
  const invocation: ProcedureInvocation = {
    runtime: runtimeOf(session),
    arguments: new Map(
      Object.entries(given).map(([key, value]) => [foldName(key), { value, type: typeOf(value) }]),
    ),
    run: () => Promise.reject(new Error('nothing is run here')),
    undo: (change) => undos.push(change),
    rows: (_columns, sent) => rows.push(...sent),
    print: (message) => messages.push(message),
    setOutput: () => {},
  };
  const status = await procedure.execute(invocation);
  const undoAll = (): void => {
    for (const undo of undos.toReversed()) undo();
  };
  return { status, rows, messages, undo: undoAll };
}

/** A table with its columns given as name and type; the first one is an identity and the clustered primary key. */
export function addTable(
  database: Database,
  name: string,
  columns: Record<string, SqlType>,
  schemaName = 'dbo',
): Table {
  const schema = database.schemas.get(foldName(schemaName));
  if (schema === undefined) throw new Error(`no schema ${schemaName}`);
  const id = database.next.object;
  database.next.object += 16_000_057;
  const created = new Date();
  const list = Object.entries(columns).map(
    ([columnName, type], index): Column => ({
      name: columnName,
      id: index + 1,
      type,
      declaredType: '',
      isNullable: index > 0,
      isIdentity: index === 0,
      isRowGuid: false,
      default: undefined,
      computed: undefined,
    }),
  );
  const index = {
    name: `PK_${name}`,
    id: 1,
    isUnique: true,
    isClustered: true,
    isPrimaryKey: true,
    isUniqueConstraint: false,
    isDisabled: false,
    columns: [{ columnId: 1, descending: false }],
    include: [],
    filter: undefined,
    options: {},
  };
  const table: Table = {
    kind: 'table',
    name,
    id,
    schema,
    createdAt: created,
    modifiedAt: created,
    parentId: 0,
    columns: list,
    nextColumnId: list.length + 1,
    nextIndexId: 2,
    indexes: [index],
    constraints: [],
    triggers: [],
    identity: { columnId: 1, seed: 5n, increment: 2n, last: undefined },
    storage: { rowCount: 3 } as Table['storage'],
  };
  add(database, table);
  addConstraint(database, table, {
    name: `PK_${name}`,
    type: 'PK',
    index,
    definition: { kind: 'primary-key', columns: [], at: start },
  });
  return table;
}

type NewConstraint = Pick<Constraint, 'type' | 'definition'> &
  Partial<Pick<Constraint, 'index' | 'columnId'>> & { name: string };

export function addConstraint(database: Database, table: Table, constraint: NewConstraint): Constraint {
  const id = database.next.object;
  database.next.object += 16_000_057;
  const made: Constraint = {
    kind: 'constraint',
    id,
    schema: table.schema,
    createdAt: table.createdAt,
    modifiedAt: table.createdAt,
    parentId: table.id,
    isSystemNamed: false,
    isDisabled: false,
    isTrusted: true,
    ...constraint,
  };
  table.constraints.push(made);
  add(database, made);
  return made;
}

const add = (database: Database, object: Table | Constraint): void => {
  database.objects.set(object.id, object);
  object.schema.objects.set(foldName(object.name), object);
};

/** An expression and a condition as the parser reads them. */
export function parsed(expression: string): Expression {
  const [statement] = parseBatch(`select ${expression}`).statements;
  if (statement?.kind !== 'query' || statement.query.body.kind !== 'select') throw new Error('no select');
  const [item] = statement.query.body.items;
  if (item?.kind !== 'expression') throw new Error('no expression');
  return item.expression;
}
export function parsedCondition(condition: string): Condition {
  const [statement] = parseBatch(`if ${condition} print ''`).statements;
  if (statement?.kind !== 'if') throw new Error('no if');
  return statement.condition;
}
