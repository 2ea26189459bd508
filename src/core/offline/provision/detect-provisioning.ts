import { ask, fold } from '../../plan/detect/ask.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { SyncDirection } from '../profile/profile.ts';
import type { ColumnShape } from '../tables/table-shape.ts';
import { stagingSchema } from '../tracking/names.ts';
import { hashOfModule } from '../tracking/statements.ts';

/** Type, lengths and collation as in the shape of the table itself. */
export type TrackingColumn = Pick<
  ColumnShape,
  'name' | 'type' | 'maxLength' | 'precision' | 'scale' | 'collation'
>;

/** A table `<Table>_tracking`, whoever made it. */
export type TrackingTable = {
  /** In their order; the names folded. */
  readonly columns: readonly TrackingColumn[];
  readonly hasIndex: boolean;
};

export type TrackingTrigger = {
  readonly isDisabled: boolean;
  /** SHA-256 of the normalised text; undefined where the server does not show it. */
  readonly hash: string | undefined;
};

/** A row of storedb.SyncTable: what was provisioned, and for which scope. */
export type RecordedTable = {
  readonly name: string;
  readonly scope: string;
  readonly scopeOrder: number;
  readonly tableOrder: number;
  readonly direction: SyncDirection;
  readonly frequencySeconds: number;
  readonly triggerHash: string;
  /** Another one after every gap in the tracking. */
  readonly trackingId: string;
};

/** What a database holds of the synchronisation. All names are folded. */
export type Provisioning = {
  /** The tables of the records that are there: 'replica', 'anchor', ... */
  readonly metadata: ReadonlySet<string>;
  readonly hasStagingSchema: boolean;
  /** By the name of the base table. */
  readonly trackingTables: ReadonlyMap<string, TrackingTable>;
  /** Our triggers, by the name of the base table. */
  readonly triggers: ReadonlyMap<string, TrackingTrigger>;
  /** Base tables that carry triggers of Sync Framework. */
  readonly foreignTriggers: ReadonlySet<string>;
  readonly recorded: ReadonlyMap<string, RecordedTable>;
};

/** What a database that is not there yet holds. */
export const nothingProvisioned: Provisioning = {
  metadata: new Set(),
  hasStagingSchema: false,
  trackingTables: new Map(),
  triggers: new Map(),
  foreignTriggers: new Set(),
  recorded: new Map(),
};

/** Reads it in five round trips, whatever the number of tables. */
export async function detectProvisioning(session: SqlSession, signal: AbortSignal): Promise<Provisioning> {
  const columns = await session.query<TrackingColumnRow>(trackingColumnsQuery, {}, signal);
  const indexes = await session.query<{ tableName: string }>(trackingIndexesQuery, {}, signal);
  const indexed = new Set(indexes.map(({ tableName }) => baseOf(tableName)));
  const triggers = await readTriggers(session, signal);
  const own = await session.query<{ name: string }>(ownQuery, {}, signal);
  const metadata = new Set(own.map(({ name }) => fold(name)));
  return {
    metadata,
    hasStagingSchema: metadata.delete(`schema ${stagingSchema}`),
    trackingTables: new Map(
      [...Map.groupBy(columns, ({ tableName }) => baseOf(tableName))].map(([base, rows]) => [
        base,
        { columns: rows.map(trackingColumnOf), hasIndex: indexed.has(base) },
      ]),
    ),
    triggers: new Map(
      triggers
        .filter(({ name }) => fold(name).endsWith('_storedb_tracking'))
        .map(({ tableName, isDisabled, definition }) => [
          fold(tableName),
          {
            isDisabled: Boolean(isDisabled),
            hash: definition === null ? undefined : hashOfModule(definition),
          },
        ]),
    ),
    foreignTriggers: new Set(
      triggers
        .filter(({ name, tableName }) => isOfSyncFramework(fold(name), fold(tableName)))
        .map(({ tableName }) => fold(tableName)),
    ),
    recorded: metadata.has('synctable') ? await readRecorded(session, signal) : new Map(),
  };
}

type TrackingColumnRow = {
  readonly tableName: string;
  readonly columnName: string;
  readonly typeName: string;
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly collation: string | null;
};

const trackingColumnOf = (row: TrackingColumnRow): TrackingColumn => ({
  name: fold(row.columnName),
  type: fold(row.typeName),
  maxLength: row.maxLength,
  precision: row.precision,
  scale: row.scale,
  collation: row.collation ?? undefined,
});

const trackingColumnsQuery = `SELECT t.name AS tableName, c.name AS columnName, y.name AS typeName,
  c.max_length AS maxLength, c.precision AS [precision], c.scale AS scale, c.collation_name AS collation
FROM sys.tables AS t
JOIN sys.schemas AS s ON s.schema_id = t.schema_id
JOIN sys.columns AS c ON c.object_id = t.object_id
JOIN sys.types AS y ON y.user_type_id = c.system_type_id
WHERE LOWER(s.name) = N'dbo' AND LOWER(t.name) LIKE N'%[_]tracking'
ORDER BY t.name, c.column_id`;

/** Tables whose rowversion leads an index: what synchronisation asks for must not scan them. */
const trackingIndexesQuery = `SELECT DISTINCT t.name AS tableName
FROM sys.tables AS t
JOIN sys.index_columns AS x ON x.object_id = t.object_id AND x.key_ordinal = 1
JOIN sys.columns AS k ON k.object_id = x.object_id AND k.column_id = x.column_id
WHERE LOWER(t.name) LIKE N'%[_]tracking' AND LOWER(k.name) = N'local_update_peer_timestamp'`;

const ownQuery = `SELECT t.name AS name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE LOWER(s.name) = N'storedb'
UNION ALL SELECT N'schema ' + LOWER(name) FROM sys.schemas WHERE LOWER(name) = N'${stagingSchema}'`;

type TriggerRow = {
  readonly name: string;
  readonly tableName: string;
  readonly isDisabled: boolean;
  readonly definition: string | null;
};

/** Where the server does not show the texts (no right, an engine without them), the triggers are read without. */
async function readTriggers(session: SqlSession, signal: AbortSignal): Promise<readonly TriggerRow[]> {
  const read = (definition: string) =>
    session.query<TriggerRow>(
      `SELECT g.name AS name, t.name AS tableName, g.is_disabled AS isDisabled, ${definition} AS definition
FROM sys.triggers AS g JOIN sys.tables AS t ON t.object_id = g.parent_id
WHERE LOWER(g.name) LIKE N'%[_]storedb[_]tracking' OR LOWER(g.name) LIKE N'%[_]trigger'`,
      {},
      signal,
    );
  const whole = await ask(() => read('OBJECT_DEFINITION(g.object_id)'));
  return whole.known ? whole.value : await read('CAST(NULL AS nvarchar(max))');
}

async function readRecorded(
  session: SqlSession,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RecordedTable>> {
  const rows = await session.query<RecordedTable>(
    `SELECT TableName AS name, ScopeName AS scope, ScopeOrder AS scopeOrder, TableOrder AS tableOrder,
  Direction AS direction, FrequencySeconds AS frequencySeconds, TriggerHash AS triggerHash,
  CAST(TrackingId AS varchar(36)) AS trackingId
FROM [storedb].[SyncTable] ORDER BY ScopeOrder, TableOrder`,
    {},
    signal,
  );
  return new Map(rows.map((row) => [fold(row.name), { ...row, triggerHash: row.triggerHash.trim() }]));
}

const baseOf = (trackingTable: string): string => fold(trackingTable).slice(0, -'_tracking'.length);

/** Sync Framework 2.1 names its triggers after the table. */
function isOfSyncFramework(trigger: string, table: string): boolean {
  return ['insert', 'update', 'delete'].some((kind) => trigger === `${table}_${kind}_trigger`);
}
