import type { LocalGroupName } from '../accounts/local-groups.ts';

/** What detection found. Pure data: the planner decides on nothing else. */

/** The answer to one question; a missing right or view makes it `unknown`, never a failure of the whole detection. */
export type Checked<Value> =
  | { readonly known: true; readonly value: Value }
  | { readonly known: false; readonly reason: string };

export const known = <Value>(value: Value): Checked<Value> => ({ known: true, value });
export const unknown = (reason: string): Checked<never> => ({ known: false, reason });

export type ServerIdentity = {
  /** '15.0.2000.5' */
  readonly productVersion: string;
  readonly edition: string;
  /** SERVERPROPERTY('EngineEdition'): 4 = Express, 5 = Azure SQL Database. */
  readonly engineEdition: number;
  /** @@VERSION, whole. */
  readonly versionText: string;
  readonly isPracticeServer: boolean;
  readonly isWindows: boolean;
  /** The computer's name without the instance; local groups are written MACHINE\GROUP. */
  readonly machineName: string | undefined;
  readonly collation: string | undefined;
};

export type ServerRights = {
  /** SUSER_SNAME(). */
  readonly login: string;
  readonly isSysadmin: boolean;
  readonly mayCreateDatabase: boolean;
  readonly mayCreateLogin: boolean;
};

export type DetectedServer = {
  readonly identity: ServerIdentity;
  readonly rights: Checked<ServerRights>;
  /** True = SQL logins are switched off. */
  readonly isWindowsSignInOnly: Checked<boolean>;
  /** Free bytes on the volume that new databases go to. */
  readonly freeBytes: Checked<number>;
  readonly memory: Checked<{ readonly isUnlimited: boolean; readonly physicalMegabytes: number }>;
  /** How far the server's clock is ahead of this computer's, in milliseconds; half the round trip is taken off. */
  readonly clockSkewMs: Checked<number>;
  /** Which groups of the product are on the server's computer; known only where storedb runs on it. */
  readonly localGroups: Checked<readonly LocalGroupName[]>;
};

/** A row of the journal, of any outcome. */
export type JournalEntry = {
  readonly pack: string;
  readonly scriptId: string;
  readonly version: string;
  readonly sha256: string;
  readonly hashFormat: number;
  readonly outcome: 'started' | 'done' | 'recorded' | 'failed' | 'cancelled' | 'adopted' | 'refused';
  readonly errorNumber: number | undefined;
};

export type RecordedIdentity = {
  readonly kind: string;
  readonly storeId: string | undefined;
  readonly dataAreaId: string | undefined;
};

/** Which of the rights that the plan gives are in place already; see access.ts. */
export type AccessState = {
  readonly hasExecutorRole: boolean;
  readonly executorMayExecute: boolean;
  readonly hasRegisterRole: boolean;
  /** Fixed and own roles that storedb_register belongs to, folded to lower case. */
  readonly registerMemberships: readonly string[];
  /** User tables on which storedb_register lacks one of SELECT, INSERT, UPDATE, DELETE as a direct grant. */
  readonly tablesWithoutDirectGrants: number;
  /** The user `storedb_check` is there and has the register role. */
  readonly hasCheckUser: boolean;
  /** The local groups of the product; none where the server is not on Windows. */
  readonly groups: readonly GroupAccess[];
};

export type GroupAccess = {
  /** 'SRV01\\POSUsers' */
  readonly account: string;
  readonly hasLogin: boolean;
  readonly hasUser: boolean;
  /** Has the register role. */
  readonly isMember: boolean;
};

export type DatabaseContents = {
  /** Tables, views, procedures and functions that somebody else made. */
  readonly foreignObjects: number;
  /** The tables of our own bookkeeping that are there, folded. */
  readonly bookkeeping: readonly string[];
  readonly hasPosInfo: boolean;
  /** POSISINFO's DBVERSION; undefined where the table or the row is missing. */
  readonly dbVersion: string | undefined;
  /** SQLDICTIONARY and SYSUSERINFO: only the head-office database has both. */
  readonly isHeadOffice: boolean;
  readonly journal: readonly JournalEntry[];
  readonly identity: RecordedIdentity | undefined;
  readonly mayChange: Checked<boolean>;
  readonly access: Checked<AccessState>;
};

export type DatabaseOptions = {
  readonly recoveryModel: string;
  readonly snapshotIsolation: string;
  readonly pageVerify: string;
  readonly isAutoClose: boolean;
  readonly isAutoShrink: boolean;
};

export type DetectedDatabase =
  | { readonly exists: false }
  | {
      readonly exists: true;
      /** As the server writes it, which may differ in case from the answers. */
      readonly name: string;
      /** 'ONLINE', 'RESTORING', ... */
      readonly state: string;
      /** 'MULTI_USER', 'SINGLE_USER', 'RESTRICTED_USER' */
      readonly access: string;
      readonly isReadOnly: boolean;
      readonly options: Checked<DatabaseOptions>;
      /** Data files only. */
      readonly dataBytes: Checked<number>;
      /** Unknown when it could not be opened. */
      readonly contents: Checked<DatabaseContents>;
    };

/** Another database of the same server that says it is the store database of this store. */
export type OtherStore = { readonly database: string; readonly storeId: string };

export type DetectedSide = {
  readonly server: DetectedServer;
  readonly database: DetectedDatabase;
  readonly otherStores: Checked<readonly OtherStore[]>;
  /** Databases that could not be asked whether they are a store database. */
  readonly unaskedDatabases: readonly string[];
};
