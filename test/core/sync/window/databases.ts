import { randomUUID } from 'node:crypto';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { metadataTables } from '../../../../src/core/offline/tracking/metadata.ts';
import { stagingSchema } from '../../../../src/core/offline/tracking/names.ts';
import { trackingStatements } from '../../../../src/core/offline/tracking/statements.ts';
import { fold } from '../../../../src/core/plan/detect/ask.ts';
import { Secret } from '../../../../src/core/secret.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { type Rules, soundRules } from '../../../../src/core/sync/rules.ts';
import type {
  Anchor,
  SessionSource,
  WindowOrder,
  WindowResult,
} from '../../../../src/core/sync/window/order.ts';
import { transferWindow } from '../../../../src/core/sync/window/window.ts';
import { dropDatabase } from '../../offline/shop.ts';
import { realServers, type TestServer } from '../../plan/store-runs.ts';

const signal = new AbortController().signal;

/** A database that takes part, with two sessions of its own: the synchronisation's and a till's. */
export type Side = {
  readonly name: string;
  readonly session: DriverSession;
  readonly till: DriverSession;
  /** What windows borrow. */
  readonly lent: SessionSource & { readonly idle: DriverSession[] };
  /** Local ids under which it knows the others, by their database name. */
  readonly peers: Map<string, number>;
};

export async function connect(server: TestServer, database?: string): Promise<DriverSession> {
  return (await realServers().connect({
    server: server.server,
    ...(database !== undefined && { database }),
    signIn: { kind: 'sql', user: server.user, password: new Secret(server.password) },
    encryption: 'trust',
  })) as DriverSession;
}

/** A database with the synchronisation's own tables and these tables, tracked. */
export async function makeSide(
  server: TestServer,
  create: readonly string[],
  collation?: string,
): Promise<Side> {
  const name = `sync_${randomUUID().replaceAll('-', '')}`;
  const master = await connect(server);
  await master.batch(`CREATE DATABASE ${name}${collation === undefined ? '' : ` COLLATE ${collation}`}`);
  await master.close();
  const session = await connect(server, name);
  await session.batch('CREATE SCHEMA storedb');
  await session.batch(`CREATE SCHEMA ${stagingSchema}`);
  for (const table of metadataTables) await session.batch(table.create);
  for (const text of create) await session.batch(text);
  await track(session);
  return {
    name,
    session,
    till: await connect(server, name),
    lent: lend(() => connect(server, name)),
    peers: new Map(),
  };
}

/** Sessions that are kept for the next one, as a register's link keeps them. */
export function lend(open: () => Promise<DriverSession>): Side['lent'] {
  const idle: DriverSession[] = [];
  return {
    take: async () => {
      const kept = idle.pop();
      return kept === undefined || kept.isLost ? await open() : kept;
    },
    giveBack: (session) => void idle.push(session),
    idle,
  };
}

/** Puts tracking beside all tables that have none. */
export async function track(session: DriverSession): Promise<void> {
  const shapes = await readTableShapes(session, signal);
  for (const [name, shape] of shapes) {
    if (name.endsWith('_tracking') || shapes.has(`${name}_tracking`) || shape.primaryKey.length === 0)
      continue;
    const { table, index, trigger, triggerHash } = trackingStatements(shape);
    for (const text of [table, index, trigger]) await session.batch(text);
    await session.query(
      `INSERT INTO storedb.SyncTable (TableName, ScopeName, ScopeOrder, TableOrder, Direction, FrequencySeconds, TriggerHash, ProvisionedUtc)
VALUES (@name, N'Scope', 1, 1, N'download', 0, @triggerHash, GETUTCDATE())`,
      { name: shape.name, triggerHash },
    );
  }
}

export async function dropSides(server: TestServer, sides: readonly Side[]): Promise<void> {
  for (const { session, till, lent } of sides)
    await Promise.all([session, till, ...lent.idle].map((each) => each.close()));
  const master = await connect(server);
  for (const { name } of sides) await dropDatabase(master, name);
  await master.close();
}

/** Numbers as a database gives them to the others that it knows: from 2 on. */
async function idOf(side: Side, peer: Side): Promise<number> {
  const known = side.peers.get(peer.name);
  if (known !== undefined) return known;
  const id = side.peers.size + 2;
  side.peers.set(peer.name, id);
  await side.session.query(
    `INSERT INTO storedb.Replica (LocalId, ReplicaId, Kind, StoreId, RegisterId, DataAreaId, Machine, DatabaseName, Epoch, CreatedUtc)
VALUES (@id, NEWID(), N'offline', N'S', @register, N'usrt', N'M', N'D', 1, GETUTCDATE())`,
    { id, register: `R-${id}` },
  );
  return id;
}

export type WindowOptions = {
  readonly rules?: Rules;
  readonly isAfterRestore?: boolean;
  /** Between the handshake and the window. */
  readonly change?: (order: WindowOrder) => WindowOrder | Promise<WindowOrder>;
};

/** Up to where everything is committed, read as a handshake reads it. */
async function boundOf({ session }: Side): Promise<bigint> {
  const [row] = await session.query<{ upper: string }>(
    'SELECT CAST(CAST(MIN_ACTIVE_ROWVERSION() AS bigint) - 1 AS varchar(20)) AS [upper]',
  );
  return BigInt(row!.upper);
}

/** What the handshake would find for one half of a scope; `tables` in the order of the profile. */
export async function orderFor(
  store: Side,
  register: Side,
  tables: readonly string[],
  direction: WindowOrder['direction'],
  towards: WindowOrder['towards'],
  { isAfterRestore = false }: WindowOptions = {},
): Promise<WindowOrder> {
  const [from, to] = towards === 'store' ? [register, store] : [store, register];
  const upper = await boundOf(from);
  const [fromShapes, toShapes] = [
    await readTableShapes(from.session, signal),
    await readTableShapes(to.session, signal),
  ];
  const sourceId = await idOf(to, from);
  const destinationId = await idOf(from, to);
  const anchors = await anchorsIn(to, sourceId);
  const opposites = await anchorsIn(from, destinationId);
  const tracked = await from.session.query<{ name: string; trackingId: string; cleanedUpTo: string }>(
    `SELECT TableName AS name, CAST(TrackingId AS varchar(36)) AS trackingId,
  CAST(CAST(CleanupTimestamp AS bigint) AS varchar(20)) AS cleanedUpTo FROM storedb.SyncTable`,
  );
  const opposite = (name: string) => {
    const anchor = opposites.get(name);
    return direction === 'bidirectional' && anchor?.state === 'incremental' ? anchor.timestamp : undefined;
  };
  return {
    runId: randomUUID(),
    scope: 'Scope',
    direction,
    towards,
    upper,
    sourceCan: { knowsCommitted: true, readsPast: true },
    sourceId,
    destinationId,
    isAfterRestore,
    tables: tables.map((table) => {
      const name = fold(table);
      const row = tracked.find((each) => fold(each.name) === name)!;
      return {
        from: fromShapes.get(name)!,
        to: toShapes.get(name)!,
        anchor: anchors.get(name),
        trackingId: row.trackingId,
        cleanedUpTo: BigInt(row.cleanedUpTo),
        opposite: opposite(name),
      };
    }),
    source: from.lent,
    destination: to.lent,
  };
}

async function anchorsIn(side: Side, peer: number): Promise<ReadonlyMap<string, Anchor>> {
  const rows = await side.session.query<{ name: string; at: string } & Omit<Anchor, 'timestamp'>>(
    `SELECT TableName AS name, CAST(CAST(Timestamp AS bigint) AS varchar(20)) AS at, State AS state, SchemaHash AS schemaHash,
  CAST(TrackingId AS varchar(36)) AS trackingId FROM storedb.Anchor WHERE PeerId = @peer`,
    { peer },
  );
  return new Map(
    rows.map(({ name, at, ...rest }) => [
      fold(name),
      { ...rest, timestamp: BigInt(at), resumeKey: undefined },
    ]),
  );
}

export async function runWindow(
  order: WindowOrder,
  rules: Rules = soundRules,
  until: AbortSignal = signal,
): Promise<WindowResult> {
  const moving = transferWindow(order, until, rules);
  for (;;) {
    const step = await moving.next();
    if (step.done === true) return step.value;
  }
}

/** A window of the scope that these tables make, in the words of the tests. */
export function scopeOf(
  store: Side,
  tables: readonly string[],
  direction: WindowOrder['direction'],
  until: AbortSignal = signal,
) {
  const half = async (register: Side, towards: WindowOrder['towards'], options: WindowOptions = {}) => {
    const order = await orderFor(store, register, tables, direction, towards, options);
    return await runWindow((await options.change?.(order)) ?? order, options.rules, until);
  };
  return {
    up: (register: Side, options?: WindowOptions) => half(register, 'store', options),
    down: (register: Side, options?: WindowOptions) => half(register, 'offline', options),
  };
}

/** What a test says of a result when nothing was left over. */
export const all = (rows: number) => ({
  total: rows,
  ok: rows,
  parked: 0,
  findings: [],
  held: [],
  hasMoved: true,
});
export const nothing = { ...all(0), hasMoved: false };

/** What windows left in the sessions that they borrowed, as a list of oddities. */
export async function leftBehind(sides: readonly Side[]): Promise<readonly string[]> {
  const odd: string[] = [];
  for (const { lent } of sides)
    for (const session of lent.idle.filter(({ isLost }) => !isLost)) {
      const [state] = await session.query<{ depth: number; origin: number; level: number }>(
        `SELECT @@TRANCOUNT AS depth, CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 1) > 0x00 THEN 1 ELSE 0 END AS origin,
  (SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = @@SPID) AS level`,
      );
      if (state?.depth !== 0) odd.push('an open transaction');
      if (state?.origin !== 0) odd.push('an origin');
      if (state?.level !== 2) odd.push(`isolation level ${state?.level}`);
    }
  return odd;
}

/** The parked rows of a side, as its storedb.Conflict has them. */
export const parkedIn = ({ session }: Side) =>
  session.query(
    'SELECT TableName AS [table], KeyText AS [key], RowText AS row, Reason AS reason, ErrorNumber AS number, Status AS status FROM storedb.Conflict ORDER BY ConflictId',
  );
