import type { SyncDirection } from '../../offline/profile/profile.ts';
import { type Replica, replicaOf } from '../../offline/replicas/replica.ts';
import { fold, only } from '../../plan/detect/ask.ts';
import type { SqlRow } from '../../sql/session.ts';
import type { RowVersion } from '../window/enumerate.ts';
import type { Anchor } from '../window/order.ts';
import { lateRunOf, type RunRecord } from './run-record.ts';
import type { PairTokens } from './tokens.ts';

/** A row of storedb.SyncTable, and what of it is really there. */
export type TrackedTable = {
  readonly name: string;
  readonly scope: string;
  readonly direction: SyncDirection;
  readonly frequencySeconds: number;
  readonly trackingId: string;
  readonly cleanedUpTo: RowVersion;
  readonly hasTracking: boolean;
  /** Our trigger is there and switched on. */
  readonly hasTrigger: boolean;
};

/** 'restored' = one of the two databases was put back: compare, and overwrite nothing at the store. */
export type StoredAnchor = Omit<Anchor, 'state'> & { readonly state: Anchor['state'] | 'restored' };

/** What one side says of itself and of the pair, in one trip. */
export type SideFound = {
  /** Up to where everything is committed; read before everything else. */
  readonly upper: RowVersion;
  /** The last rowversion given out: above `upper`, something is open. */
  readonly latest: RowVersion;
  /** By the server's clock. */
  readonly nowUtc: Date;
  /** Another one when a table was made, changed or dropped. */
  readonly shapeStamp: string;
  readonly replicas: readonly Replica[];
  /** The other side's local id here. */
  readonly peerId: number | undefined;
  readonly pair: PairTokens | undefined;
  /** By folded name, in the order of scopes and tables. */
  readonly tables: ReadonlyMap<string, TrackedTable>;
  /** How far the other side's changes are applied here, by folded name. */
  readonly anchors: ReadonlyMap<string, StoredAnchor>;
  /** Tables of which the other side's parked rows are to be tried again here; folded names. */
  readonly retries: ReadonlySet<string>;
  /** Of the register: runs whose record has not reached the store yet. */
  readonly late: readonly RunRecord[];
  readonly size: DatabaseSize | undefined;
};

/** Megabytes; the limit is that of an Express edition. */
export type DatabaseSize = { readonly usedMb: number; readonly limitMb: number | undefined };

/** How many sets `readSideText` asks for. */
export const setsOfSide = 10;

/** Those sets as they came. */
export function sideFound(sets: readonly (readonly SqlRow[])[]): SideFound {
  const [bound, about, peer, replicas, pair, tables, anchors, retries, late, size] = sets;
  const { upper } = theRow<{ upper: string }>(bound);
  const { latest, nowUtc, shapeStamp } = theRow<{ latest: string; nowUtc: Date; shapeStamp: string }>(about);
  return {
    upper: BigInt(upper),
    latest: BigInt(latest),
    nowUtc,
    shapeStamp,
    peerId: theRow<{ peerId: number | null }>(peer).peerId ?? undefined,
    replicas: (replicas ?? []).map((each) => replicaOf(each as Parameters<typeof replicaOf>[0])),
    pair: pairOf(pair?.[0]),
    tables: tablesOf((tables ?? []) as readonly TableRow[]),
    anchors: new Map((anchors ?? []).map((each) => anchorOf(each as AnchorRow))),
    retries: new Set((retries ?? []).map(({ name }) => String(name))),
    late: (late ?? []).map(lateRunOf),
    size: sizeOf(size?.[0]),
  };
}

/** The row of a set that always has one. */
const theRow = <Row>(set: readonly SqlRow[] | undefined): Row => only(set ?? []) as Row;

type TableRow = Omit<TrackedTable, 'cleanedUpTo' | 'hasTracking' | 'hasTrigger'> & {
  readonly cleanedUpTo: string;
  readonly hasTracking: number;
  readonly hasTrigger: number;
};

function tablesOf(rows: readonly TableRow[]): SideFound['tables'] {
  // Where not one is seen, the account may not see triggers; verification, with more rights, can tell.
  const seesTriggers = rows.some(({ hasTrigger }) => hasTrigger === 1);
  return new Map(
    rows.map((row) => [
      fold(row.name),
      {
        ...row,
        trackingId: row.trackingId.toUpperCase(),
        cleanedUpTo: BigInt(row.cleanedUpTo),
        hasTracking: row.hasTracking === 1,
        hasTrigger: row.hasTrigger === 1 || !seesTriggers,
      },
    ]),
  );
}

export type AnchorRow = {
  readonly name: string;
  readonly timestamp: string;
  readonly state: StoredAnchor['state'];
  readonly resumeKey: string | null;
  readonly schemaHash: string;
  readonly trackingId: string;
};

export const anchorOf = ({ name, ...row }: AnchorRow): readonly [string, StoredAnchor] => [
  fold(name),
  {
    timestamp: BigInt(row.timestamp),
    state: row.state,
    resumeKey: row.resumeKey ?? undefined,
    schemaHash: row.schemaHash,
    trackingId: row.trackingId.toUpperCase(),
  },
];

function pairOf(row: SqlRow | undefined): PairTokens | undefined {
  if (row === undefined) return undefined;
  const { epoch, current, next } = row as { epoch: number; current: string | null; next: string | null };
  return {
    epoch,
    current: current?.toUpperCase(),
    next: next?.toUpperCase(),
  };
}

/** https://learn.microsoft.com/sql/sql-server/editions-and-components: 10 GB since 2008 R2 (10.50), 4 GB before. */
export function sizeOf(row: SqlRow | undefined): DatabaseSize | undefined {
  const { pages, edition, version } = (row ?? {}) as {
    pages?: string | null;
    edition?: number | null;
    version?: string | null;
  };
  if (pages === undefined || pages === null) return undefined;
  const isSmall = Number.parseFloat(version ?? '') < 10.5;
  return {
    usedMb: Math.ceil(Number(pages) / 128),
    limitMb: edition === 4 ? (isSmall ? 4096 : 10_240) : undefined,
  };
}
