import type { LocalGroups } from '../accounts/local-groups.ts';
import type { Answers } from '../answers/answers.ts';
import type { InitialData } from '../distribute/initial-data.ts';
import type { Job } from '../distribute/job.ts';
import type { OfflineProfile } from '../offline/profile/profile.ts';
import type { PosFiles } from '../pos/pos-files.ts';
import type { SchemaPack } from '../schema/pack.ts';
import type { Secret } from '../secret.ts';
import type { Machine } from '../service/machine/machine.ts';
import type { MssqlServers } from '../sql/connect.ts';
import type { SignIn } from '../sql/session.ts';
import type { Clock } from './clock.ts';

/** Who is at work, for the journal and for the message to whoever finds the lock taken. */
export type Operator = { readonly host: string; readonly osUser: string; readonly toolVersion: string };

/** Everything that a set-up is made from. The front end resolves the secrets and loads the pack before. */
export type SetupInput = {
  readonly answers: Answers;
  /** Takes a register out of the synchronisation instead of setting it up. */
  readonly isRemoval?: boolean | undefined;
  /** Installs the service of a register that is set up already, and nothing else. */
  readonly isServiceOnly?: boolean | undefined;
  /** Where the service of a register goes; undefined = nothing is installed on this computer. */
  readonly machine?: Machine | undefined;
  readonly servers: MssqlServers;
  /** The sign-in of `answers.storeDatabase.auth` with its secret resolved. */
  readonly storeSignIn: SignIn;
  /** The same of `answers.offlineDatabase`; given exactly when the task has one. */
  readonly offlineSignIn?: SignIn | undefined;
  /** The password of `answers.serviceAccount`; given exactly when the answers name such an account. */
  readonly serviceAccountPassword?: Secret | undefined;
  readonly pack: SchemaPack;
  /** The offline profiles of files, the shipped one among them: used where head office has sent none. */
  readonly profiles: readonly OfflineProfile[];
  /** The scheduler jobs by which head office fills a store database. */
  readonly jobs: readonly Job[];
  /** The pack of `answers.options.initialData`, or the one that is distributed. */
  readonly initialData?: InitialData | undefined;
  /** Only loads `initialData` into the store database, which has to be there. */
  readonly isDistribution?: boolean | undefined;
  readonly posFiles: PosFiles;
  /** Of this computer; undefined where that is not on Windows. */
  readonly localGroups?: LocalGroups | undefined;
  readonly clock: Clock;
  readonly operator: Operator;
};
