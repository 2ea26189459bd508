import type { ExitName } from '../errors.ts';

/** What a line of the verification is about. */
export type CheckGroup = 'store' | 'offline' | 'synchronisation' | 'pos';

/** One line: what was found, and where it is not as it should be, the one next thing to do. */
export type Check = {
  /** Stable, e.g. 'store:tracking'. */
  readonly id: string;
  readonly group: CheckGroup;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  /** With every warning and failure. */
  readonly hint?: string;
};

/** What a verification tells while it works; screens, lines and JSON lines are consumers of the same events. */
export type VerifyEvent =
  | { readonly kind: 'checking'; readonly what: string }
  | ({ readonly kind: 'check' } & Check)
  | {
      readonly kind: 'verified';
      readonly exit: ExitName;
      readonly ok: number;
      readonly warnings: number;
      readonly failed: number;
      readonly isPracticeServer: boolean;
    };
