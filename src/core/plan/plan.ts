import type { Operation } from './operations.ts';

/** What a run would do. Pure data: it can be printed, saved, compared with a later detection, and applied. */

export type Risk = 'creates' | 'changes' | 'needs-restart';

/** A server and database in words and for the runner; never holds a secret. */
export type DatabaseTarget = {
  readonly role: 'store' | 'offline';
  readonly server: string;
  readonly database: string;
};

/**
 * One batch of T-SQL; `line` is where it begins in its script, from 1. Line 0 = it stands in no script, the plan made
 * it. It is sent exactly so; only neighbours that create tables may share a round trip (together.ts).
 */
export type Batch = { readonly sql: string; readonly line: number };

type ActionBase = {
  /** Stable within a plan: 'create-database', 'script:6.2.1.0/010-tables.sql', ... */
  readonly id: string;
  /** Plain words, imperative: "Create the database AXRETAILPOS". */
  readonly title: string;
  readonly risk: Risk;
  readonly target: DatabaseTarget;
  /** What a failure means: a necessary action stops the plan, an optional one becomes a warning in the summary. */
  readonly need: 'necessary' | 'optional';
};

/** One or more things (`names`) that are done in one round trip; each batch is a transaction of its own, or several. */
export type Unit = { readonly names: readonly string[]; readonly batches: readonly Batch[] };

/** A script as the journal knows it. */
export type JournaledScript = {
  readonly pack: string;
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly isTransactional: boolean;
};

export type Action = ActionBase &
  (
    | { readonly kind: 'create-database'; readonly batches: readonly Batch[] }
    /** Options, roles, users, grants: one idea each, each followed by its own verification. */
    | {
        readonly kind: 'run-batches';
        /** Stands for the batches in the memory of what the engine refused, where they differ with what is there already. */
        readonly rememberedAs?: string;
        readonly batches: readonly Batch[];
        /** 'master' for what belongs to the server itself (a login); the action's own database otherwise. */
        readonly within?: 'master';
        /** Sent instead when the server refuses `batches`: compatible engines lack some grants. */
        readonly otherwise?: readonly Batch[];
        /** What to do when neither works; the hint of the warning. */
        readonly hint?: string;
      }
    /** A script of a schema pack: journaled, in a transaction unless its header says `-- tx: off`. */
    | {
        readonly kind: 'run-script';
        readonly script: JournaledScript;
        readonly batches: readonly Batch[];
      }
    /** The same work on many things: every batch is a transaction of its own, progress is told by the unit. */
    | {
        readonly kind: 'run-units';
        /** What is counted: "tables". */
        readonly unit: string;
        readonly units: readonly Unit[];
      }
    /** Work that is not T-SQL alone: it needs files, this computer or a secret. Journaled, and harmless when done again. */
    | {
        readonly kind: 'operation';
        readonly operation: Operation;
        /** What it does, line by line, for the review and plan.sql. */
        readonly describes: readonly string[];
        /**
         * Done at the end of the plan, with the run's locks given back: the work takes locks of its own, as the
         * synchronisation does.
         */
        readonly isAfterwards?: true;
      }
    /** Asks the server whether a right is really there; `check` returns one row with `ok` 1 or 0 for the principal. */
    | {
        readonly kind: 'verify';
        readonly check: Batch;
        /** In words, for the plan and the failure: "storedb_register may read and write". */
        readonly expected: string;
        readonly hint?: string;
      }
    /** A customer's script was already run elsewhere or an earlier tool made the database: the journal says so without running it. */
    | {
        readonly kind: 'record-script';
        readonly script: JournaledScript;
        readonly batches: readonly [];
      }
  );

/** Something to say about the set-up that does not stop it; `hint` is the one next thing to do. */
export type Finding = { readonly code: string; readonly message: string; readonly hint: string };

export type Plan = {
  readonly task: string;
  /** What the actions amount to; it chooses the words of the summary. */
  readonly purpose: 'create' | 'upgrade' | 'repair' | 'fill' | 'remove' | 'service' | 'nothing';
  readonly target: DatabaseTarget;
  /** All databases of the task, `target` among them, also those that nothing is done in. */
  readonly targets: readonly DatabaseTarget[];
  /** What detection found, in short words for the review page: "SQL Server 2012 Express", "will be created", "version 6.2.0.0". */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly isPracticeServer: boolean;
  readonly actions: readonly Action[];
  readonly warnings: readonly Finding[];
  /** Hash over actions and the detected state that they rest on; `apply --plan` refuses when it differs. */
  readonly fingerprint: string;
};
