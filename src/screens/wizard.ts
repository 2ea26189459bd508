import type { ExitName } from '../core/errors.ts';
import type { Finding, Plan, RunEvent } from '../core/plan/index.ts';
import type { Secret } from '../core/secret.ts';
import type { ProbeEvent } from '../core/sql/probe.ts';
import type { Draft, Problem, StepId } from '../core/steps/index.ts';
import type { ConflictDetail, ConflictSummary } from '../core/sync/conflicts/index.ts';
import type { SyncStatus } from '../core/sync/index.ts';
import type { Check, VerifyEvent } from '../core/verify/events.ts';
import type { GlyphSet } from './glyphs.ts';
import type { Monitor } from './monitor.ts';
import type { KeyPress } from './terminal/key-parser.ts';

/** The pages in their order; the first ones are the steps of the registry. The monitor is a place beside them. */
export type Page = StepId | 'review' | 'progress' | 'result' | 'monitor';

export type TerminalSize = { readonly columns: number; readonly rows: number };

/** Something that went wrong, in the words of the technician, with the one next thing to do. */
export type Failure = {
  readonly message: string;
  readonly hint: string;
  /** The certificate that the technician can accept to get on. */
  readonly certificate?: Certificate | undefined;
  /** The store database lacks its initial data: the wizard can wait for it, or bring it. */
  readonly needsData?: boolean | undefined;
};

export type Certificate = { readonly serverKey: string; readonly fingerprint: string };

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

export type Planning =
  | { readonly status: 'making'; readonly id: number; readonly since: number }
  | { readonly status: 'made'; readonly plan: Plan; readonly sql: readonly string[] }
  | { readonly status: 'failed'; readonly failure: Failure };

export type RunRow = {
  readonly id: string;
  readonly title: string;
  readonly status: 'waiting' | 'working' | 'ok' | 'skipped' | 'warning' | 'failed';
  readonly since?: number;
  readonly elapsedMs?: number;
  readonly progress?: { readonly done: number; readonly total: number; readonly unit: string };
};

export type Run = {
  readonly rows: readonly RunRow[];
  readonly since: number;
  readonly isStopping: boolean;
  readonly warnings: readonly Finding[];
  /** The last event of the run; it is followed by the host's `run-ended`. */
  readonly finished?: Extract<RunEvent, { kind: 'run-finished' }>;
};

/** What the host says about a run that has ended. */
export type RunEnd = {
  readonly exit: ExitName;
  /** The path of summary.txt; empty when there is none. */
  readonly log: string;
  /** What to type for the same run on the next computer; empty when nothing can be repeated. */
  readonly command: string;
  /** A bug, when the run did not end with an event. */
  readonly failure?: Failure | undefined;
};

/** A look at whether a set-up works. */
export type Verification = {
  /** Events of an earlier one carry another number and are dropped. */
  readonly id: number;
  readonly since: number;
  readonly checks: readonly Check[];
  /** What is being looked at. */
  readonly checking?: string | undefined;
  readonly verdict?: Extract<VerifyEvent, { kind: 'verified' }> | undefined;
  readonly failure?: Failure | undefined;
};

/** A scheduler job in the eyes of whoever waits for its data. */
export type ArrivingJob = {
  readonly name: string;
  readonly verdict: 'filled' | 'empty' | 'not-used';
  /** Of the company, in all tables of the job. */
  readonly rows: number;
  /** Tables that must not be empty and are. */
  readonly empty: readonly string[];
};

/** A pack that lies on the stick. */
export type FoundPack = { readonly path: string; readonly words: string };

/** The wait for the initial data of a store database. */
export type ArrivingData = {
  /** News of an earlier one carry another number and are dropped. */
  readonly id: number;
  readonly since: number;
  /** Undefined until the first look. */
  readonly jobs: readonly ArrivingJob[] | undefined;
  readonly isComplete: boolean;
  readonly packs: readonly FoundPack[];
  /** A pack is being loaded, and how far that has come. */
  readonly loading?: { readonly words: string } | undefined;
  /** Why the pack was not loaded. */
  readonly failure?: Failure | undefined;
  /** Why the last look failed; it is tried again. */
  readonly trouble?: Failure | undefined;
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

/** What lies over the page; the page itself stays as it is. */
export type Overlay =
  | { readonly kind: 'help'; readonly scroll: number }
  | {
      readonly kind: 'text';
      readonly title: string;
      readonly lines: readonly string[];
      readonly scroll: number;
    }
  | { readonly kind: 'verification'; readonly scroll: number }
  | { readonly kind: 'initial-data'; readonly scroll: number; readonly choice: number }
  | { readonly kind: 'jump'; readonly choice: number }
  | { readonly kind: 'quit'; readonly choice: number };

/** Everything the wizard knows; screens are drawn from it and nothing else. Passwords are `Secret`s in the draft. */
export type WizardState = {
  readonly version: string;
  readonly size: TerminalSize;
  readonly glyphs: GlyphSet;
  /** Milliseconds of the host's clock at the last action. */
  readonly now: number;
  readonly page: Page;
  readonly overlay?: Overlay | undefined;
  readonly draft: Draft;
  readonly focus: Focus;
  /** Where the cursor of a text field stands, in characters from its beginning; at the end when not said. */
  readonly cursors: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
  /** Stands in the message line until the next key. */
  readonly message?: string | undefined;
  /** How far the page's list is scrolled. */
  readonly scroll: number;
  readonly saved?: SavedAnswers | undefined;
  /** SQL Servers of this computer. */
  readonly servers: readonly string[];
  readonly practice?: Practice | undefined;
  /** What the store database says about who a register can be. */
  readonly identities?:
    | { readonly status: 'asking'; readonly id: number }
    | ({ readonly status: 'found' } & Identities)
    | undefined;
  /** Typed while the practice server was starting and the page needs it: taken up when it is there. */
  readonly heldKeys: readonly KeyPress[];
  readonly probe?: Probe | undefined;
  readonly planning?: Planning | undefined;
  readonly run?: Run | undefined;
  readonly end?: RunEnd | undefined;
  readonly verification?: Verification | undefined;
  readonly arriving?: ArrivingData | undefined;
  readonly monitor?: Monitor | undefined;
  /**
   * 'check' = the questions lead to a look at what is there already, and not to a plan; 'watch' = there are no
   * questions, the monitor is all there is.
   */
  readonly purpose?: 'check' | 'watch' | undefined;
  /** Whether the set-up that was run last has been looked at. */
  readonly isVerified?: boolean | undefined;
  /** The number of the next test, plan or verification. */
  readonly serial: number;
  /** Set when the technician has left; nothing is taken up any more. */
  readonly isOver: boolean;
};

/** What can happen: keys and the size of the terminal, and what the host reports of the effects. */
export type Action =
  | { readonly kind: 'open' }
  | { readonly kind: 'press-key'; readonly key: KeyPress }
  | { readonly kind: 'resize'; readonly size: TerminalSize }
  | { readonly kind: 'tick' }
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
  | { readonly kind: 'plan-made'; readonly id: number; readonly plan: Plan; readonly sql: readonly string[] }
  | { readonly kind: 'plan-failed'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'run-event'; readonly event: RunEvent }
  | { readonly kind: 'run-ended'; readonly end: RunEnd }
  | { readonly kind: 'identities-found'; readonly id: number; readonly identities: Identities }
  | { readonly kind: 'identities-unknown'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'profile-read'; readonly lines: readonly string[] }
  | { readonly kind: 'verify-event'; readonly id: number; readonly event: VerifyEvent }
  | { readonly kind: 'verify-failed'; readonly id: number; readonly failure: Failure }
  | {
      readonly kind: 'initial-data-read';
      readonly id: number;
      readonly jobs: readonly ArrivingJob[];
      readonly isComplete: boolean;
    }
  | { readonly kind: 'initial-data-unread'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'packs-found'; readonly id: number; readonly packs: readonly FoundPack[] }
  | { readonly kind: 'pack-progress'; readonly id: number; readonly words: string }
  | { readonly kind: 'pack-loaded'; readonly id: number; readonly failure?: Failure | undefined }
  | { readonly kind: 'status-read'; readonly id: number; readonly status: SyncStatus }
  | { readonly kind: 'status-unknown'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'parked-listed'; readonly id: number; readonly rows: readonly ConflictSummary[] }
  | { readonly kind: 'parked-shown'; readonly id: number; readonly detail: ConflictDetail }
  /** A parked row is to be tried again, or was given up; `message` says which. */
  | { readonly kind: 'parked-settled'; readonly id: number; readonly message: string }
  | { readonly kind: 'answers-written'; readonly path: string }
  | { readonly kind: 'log-read'; readonly lines: readonly string[] }
  | { readonly kind: 'show-message'; readonly message: string }
  /** The process was asked to end: SIGTERM, or the link was lost. */
  | { readonly kind: 'stop' };

/** What the host is asked to do; it reports with actions. No effect is awaited. */
export type Effect =
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
  | { readonly kind: 'make-plan'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'stop-plan' }
  | { readonly kind: 'find-identities'; readonly id: number; readonly draft: Draft }
  /** Reads the offline profile of the answers, from the store database where that is possible. */
  | { readonly kind: 'read-profile'; readonly draft: Draft }
  | { readonly kind: 'start-verify'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'stop-verify' }
  /** Looks again and again what has come to the store database. */
  | { readonly kind: 'watch-initial-data'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'load-pack'; readonly id: number; readonly path: string; readonly draft: Draft }
  /** Ends the watching, and a load that is at work. */
  | { readonly kind: 'stop-watching' }
  /** Reads the state of the synchronisation every two seconds, until it is stopped. */
  | { readonly kind: 'watch-sync'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'unwatch-sync' }
  | { readonly kind: 'list-parked'; readonly id: number; readonly draft: Draft }
  | ParkedEffect
  | { readonly kind: 'start-run'; readonly draft: Draft; readonly fingerprint: string }
  | { readonly kind: 'cancel-run' }
  /** Ends the process at once, as if it had been killed. */
  | { readonly kind: 'end-now' }
  | { readonly kind: 'save-draft'; readonly step: StepId; readonly draft: Draft }
  /** The run is done: its answers are no longer to be continued, but the defaults of the next one. */
  | { readonly kind: 'keep-as-defaults'; readonly draft: Draft }
  | { readonly kind: 'write-answers'; readonly draft: Draft }
  | { readonly kind: 'read-log' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'exit'; readonly exit: ExitName };

/** Something to be done with one parked row; `conflict` is the number that it is known by. */
export type ParkedEffect = {
  readonly kind: 'show-parked' | 'retry-parked' | 'accept-parked';
  readonly id: number;
  readonly conflict: string;
  readonly draft: Draft;
};

export type Transition = { readonly state: WizardState; readonly effects: readonly Effect[] };

/** A state that asks for nothing. */
export function settled(state: WizardState): Transition {
  return { state, effects: [] };
}

/** A state with what the host has to do. */
export function asking(state: WizardState, ...effects: readonly Effect[]): Transition {
  return { state, effects };
}

/** One transition after the other; their effects in that order. */
export function andThen(first: Transition, next: (state: WizardState) => Transition): Transition {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
