import { fold } from '../../plan/detect/ask.ts';
import { quoteName, quoteNames } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import { type Replica, selfOf } from '../replicas/replica.ts';
import { anchorTable, trackingTableName } from '../tracking/names.ts';
import type { Provisioning } from './detect-provisioning.ts';

/** Rows of a register that the store has not got yet, by folded table name; tables without any are left out. */
export type PendingUploads = ReadonlyMap<string, number>;

/**
 * Counts them: changes made on the register behind the anchor that the store keeps for it. Where the store has no
 * anchor for a table, every row of it counts: none has ever been uploaded. So it does where the tracking had a gap since:
 * nobody can say which rows changed. What a register deleted of its own sales does not wait: the store keeps them.
 */
export async function readPending(
  sessions: { readonly store: SqlSession; readonly offline: SqlSession },
  found: {
    readonly provisioning: Provisioning;
    readonly storeReplicas: readonly Replica[];
    readonly offlineReplicas: readonly Replica[];
  },
  signal: AbortSignal,
): Promise<PendingUploads> {
  const tables = [...found.provisioning.recorded].filter(
    ([name, { direction }]) => direction !== 'download' && found.provisioning.trackingTables.has(name),
  );
  if (tables.length === 0) return new Map();
  const anchors = await readAnchors(sessions.store, found, signal);
  const counts = tables.map(([name, { name: table, trackingId, direction }]) => {
    const base = quoteNames('dbo', table);
    const tracking = quoteNames('dbo', trackingTableName(table));
    const anchor = anchors.get(name);
    const isKnown = anchor !== undefined && fold(anchor.trackingId) === fold(trackingId);
    const present = direction === 'upload' ? ` AND ${quoteName('sync_row_is_tombstone')} = 0` : '';
    const rows = isKnown
      ? `SELECT COUNT(*) AS waiting FROM ${tracking} WHERE ${quoteName('update_scope_local_id')} IS NULL AND ${quoteName('local_update_peer_timestamp')} > 0x${anchor.timestamp}${present}`
      : `SELECT COUNT(*) AS waiting FROM ${base}`;
    return `SELECT N'${name.replaceAll("'", "''")}' AS name, c.waiting FROM (${rows}) AS c WHERE c.waiting > 0`;
  });
  const rows = await sessions.offline.query<{ name: string; waiting: number }>(
    counts.join('\nUNION ALL '),
    {},
    signal,
  );
  return new Map(rows.map(({ name, waiting }) => [name, waiting]));
}

type StoreAnchor = {
  /** Hex digits. */
  readonly timestamp: string;
  readonly trackingId: string;
};

/** The anchors that the store keeps for the register's present database, by folded table name. */
async function readAnchors(
  store: SqlSession,
  {
    storeReplicas,
    offlineReplicas,
  }: { readonly storeReplicas: readonly Replica[]; readonly offlineReplicas: readonly Replica[] },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, StoreAnchor>> {
  const self = selfOf(offlineReplicas);
  const peer = storeReplicas.find(({ replicaId }) => replicaId === self?.replicaId);
  if (peer === undefined) return new Map();
  const rows = await store.query<{ name: string; anchor: Buffer; trackingId: string }>(
    `SELECT LOWER(TableName) AS name, [Timestamp] AS anchor, CAST(TrackingId AS varchar(36)) AS trackingId FROM ${anchorTable} WHERE PeerId = @peer AND State = 'incremental'`,
    { peer: peer.localId },
    signal,
  );
  return new Map(
    rows.map(({ name, anchor, trackingId }) => [
      fold(name),
      { timestamp: anchor.toString('hex'), trackingId },
    ]),
  );
}
