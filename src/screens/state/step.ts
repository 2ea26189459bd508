import type { Secret } from '../../core/secret.ts';
import type { ProbeEvent } from '../../core/sql/probe.ts';
import type { Draft, StepId } from '../../core/steps/index.ts';
import type { Certificate, Failure } from './failure.ts';

/** Where a page of questions has its attention: a field's key, or one of the other things that can be chosen. */
export type Focus = string;

/** The answers of a wizard that was left or cut off. */
export type SavedAnswers = {
  readonly savedAt: Date;
  readonly step: StepId;
  readonly values: Readonly<Record<string, string | boolean>>;
};

/** A practice server takes the place of every server; it is started while the first page is read. */
export type Practice =
  | { readonly status: 'starting' }
  | { readonly status: 'ready' }
  | { readonly status: 'failed'; readonly failure: Failure };

/** A connection test of one database. */
export type Probe = {
  /** Events of an earlier test carry another number and are dropped. */
  readonly id: number;
  readonly section: 'storeDatabase' | 'offlineDatabase';
  readonly isWorking: boolean;
  readonly since: number;
  /** One for each layer, its newest state. */
  readonly lines: readonly ProbeEvent[];
};

/** A register that the store database knows, and the computer that it is set up on. */
export type KnownRegister = {
  readonly id: string;
  readonly machine?: string;
  readonly isHere: boolean;
};

/** The IDs that head office has sent to a store database. */
export type Identities = {
  readonly stores: readonly string[];
  readonly registers: readonly KnownRegister[];
  readonly companies: readonly string[];
};

/** What is reported to the pages of questions. */
export type StepAction =
  | { readonly kind: 'saved-found'; readonly saved: SavedAnswers }
  /** The answers of the last run that was finished, as defaults of this one. */
  | { readonly kind: 'last-answers-found'; readonly values: Draft }
  | { readonly kind: 'servers-found'; readonly servers: readonly string[] }
  | {
      readonly kind: 'practice-ready';
      readonly server: string;
      readonly user: string;
      readonly password: Secret;
    }
  | { readonly kind: 'practice-failed'; readonly failure: Failure }
  | { readonly kind: 'probe-event'; readonly id: number; readonly event: ProbeEvent }
  | { readonly kind: 'probe-ended'; readonly id: number; readonly failure?: Failure | undefined }
  | { readonly kind: 'certificate-kept' }
  | { readonly kind: 'identities-found'; readonly id: number; readonly identities: Identities }
  | { readonly kind: 'identities-unknown'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'profile-read'; readonly lines: readonly string[] };

/** What the pages of questions ask of the host. */
export type StepEffect =
  | { readonly kind: 'start-practice' }
  | { readonly kind: 'find-servers' }
  | {
      readonly kind: 'start-probe';
      readonly id: number;
      readonly section: Probe['section'];
      readonly draft: Draft;
    }
  | { readonly kind: 'stop-probe' }
  | { readonly kind: 'keep-certificate'; readonly certificate: Certificate }
  | { readonly kind: 'find-identities'; readonly id: number; readonly draft: Draft }
  /** Reads the offline profile of the answers, from the store database where that is possible. */
  | { readonly kind: 'read-profile'; readonly draft: Draft }
  | { readonly kind: 'save-draft'; readonly step: StepId; readonly draft: Draft };
