import type { SyncDirection } from '../../offline/profile/profile.ts';
import type { Finding } from '../../plan/plan.ts';
import type { RunRecord } from '../cycle/run-record.ts';
import type { DatabaseSize } from '../cycle/side-found.ts';

/** How a register and its store stand to each other at a moment. */
export type SyncStatus = {
  readonly atUtc: Date;
  /** Who it is; undefined where neither database could be asked or none knows it. */
  readonly register: RegisterStatus | undefined;
  readonly store: SideStatus;
  readonly offline: SideStatus;
  /** In the order of the profile; empty where the register's database cannot be asked. */
  readonly scopes: readonly ScopeStatus[];
  /** Parked rows of this register that nobody has dealt with, in both databases. */
  readonly parked: number;
  /** Who synchronises or sets up this register at this moment, in words. */
  readonly holder: string | undefined;
  readonly lastError: LastError | undefined;
  readonly findings: readonly Finding[];
};

export type RegisterStatus = {
  readonly storeId: string;
  readonly registerId: string;
  readonly dataAreaId: string;
  /** A GUID in upper case. */
  readonly replicaId: string;
  /** The computer that it was set up on. */
  readonly machine: string;
  /** Counts up whenever one of the two databases was found restored. */
  readonly epoch: number;
};

export type SideStatus =
  | {
      readonly isReachable: true;
      readonly server: string;
      readonly database: string;
      /** undefined where the server does not say. */
      readonly size: DatabaseSize | undefined;
      readonly stalled: StalledBound | undefined;
    }
  | {
      readonly isReachable: false;
      readonly server: string;
      readonly database: string;
      readonly finding: Finding;
    };

/** An open transaction keeps changes of this side back. */
export type StalledBound = { readonly sinceUtc: Date | undefined; readonly holder: string | undefined };

export type ScopeStatus = {
  readonly scope: string;
  readonly direction: SyncDirection;
  /** 0 = the usual. */
  readonly frequencySeconds: number;
  readonly tables: number;
  /** Tables whose rows have not all come to the register for the first time; 0 where the scope only goes up. */
  readonly loading: number;
  readonly lastRun: LastRun | undefined;
  /** Rows that wait; undefined where a side cannot be asked or the scope has no such direction. */
  readonly waiting: { readonly up: number | undefined; readonly down: number | undefined };
  readonly parked: number;
};

export type LastRun = {
  readonly startedUtc: Date;
  readonly finishedUtc: Date;
  readonly outcome: RunRecord['outcome'];
  readonly downloaded: number;
  readonly uploaded: number;
  readonly parked: number;
  readonly message: string | undefined;
};

export type LastError = { readonly atUtc: Date; readonly scope: string; readonly message: string };
