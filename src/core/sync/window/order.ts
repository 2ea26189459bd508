import type { SyncDirection } from '../../offline/profile/profile.ts';
import type { TableShape } from '../../offline/tables/table-shape.ts';
import type { Finding } from '../../plan/plan.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { RowCounts } from '../events.ts';
import type { RowVersion } from './enumerate.ts';

/** How far the source's changes of a table are applied in the destination (storedb.Anchor there). */
export type Anchor = {
  readonly timestamp: RowVersion;
  /** 'initial' = a first load is under way, from `resumeKey` on; 'compare' = the next window takes the whole table. */
  readonly state: 'initial' | 'incremental' | 'compare';
  readonly resumeKey: string | undefined;
  /** Of the columns that travelled; other ones now = the whole table is compared. */
  readonly schemaHash: string;
  readonly trackingId: string;
};

/** A table of a window, as the handshake found it on both sides. */
export type WindowTable = {
  readonly from: TableShape;
  readonly to: TableShape;
  readonly anchor: Anchor | undefined;
  /** At the source now; another one than the anchor's = the tracking had a gap. */
  readonly trackingId: string;
  /** Tracking rows at or below it are gone at the source: an older anchor cannot go on from where it stood. */
  readonly cleanedUpTo: RowVersion;
  /**
   * Bidirectional only: how far the other direction has come, when the cycle began. 'untracked' = the destination has
   * not written down all its changes since then.
   */
  readonly opposite: Opposite;
  /** Of the whole table only what the destination has not, and has not deleted; what it has stays as it is. */
  readonly onlyMissing?: true;
};

/** undefined = it has not begun. */
export type Opposite = RowVersion | 'untracked' | undefined;

/** One scope in one direction, from one database to another. */
export type WindowOrder = {
  readonly runId: string;
  readonly scope: string;
  readonly direction: SyncDirection;
  /** Which half of it: rows go to the store or to the register. */
  readonly towards: 'store' | 'offline';
  /** In the order of the profile. Tables that cannot be synchronised are already left out. */
  readonly tables: readonly WindowTable[];
  /** Read at the source before anything else of the cycle, outside any transaction. */
  readonly upper: RowVersion;
  /** Whether the source's server says what is committed, and passes locked rows by. */
  readonly sourceCan: { readonly knowsCommitted: boolean; readonly readsPast: boolean };
  /** The source's local id in the destination, and the destination's in the source (storedb.Replica). */
  readonly sourceId: number;
  readonly destinationId: number;
  /** The pair was found restored: nothing that differs at the store is overwritten by the register. */
  readonly isAfterRestore: boolean;
  readonly source: SessionSource;
  readonly destination: SessionSource;
};

/** Sessions of one side, for several tables at once. Whoever takes one gives it back. */
export type SessionSource = {
  take(signal: AbortSignal): Promise<DriverSession>;
  giveBack(session: DriverSession): void;
};

export type WindowProgress = { readonly table: string; readonly done: number; readonly total: number };

export type WindowResult = RowCounts & {
  /** Parked rows, tables that failed: one finding for each kind of trouble, with the next thing to do. */
  readonly findings: readonly Finding[];
  /** Tables whose anchor did not move because something has to be resolved first; the next cycle takes them again. */
  readonly held: readonly string[];
  /** Whether anything was committed: rows, parked rows or anchors. */
  readonly hasMoved: boolean;
};
