import type { ExitName } from '../core/errors.ts';
import type { Draft, Problem, StepId } from '../core/steps/index.ts';
import type { GlyphSet } from './glyphs.ts';
import type { ArrivingData, InitialDataAction, InitialDataEffect } from './state/initial-data.ts';
import type { Monitor, MonitorAction, MonitorEffect } from './state/monitor.ts';
import type { Overlay } from './state/overlay.ts';
import type { ProgressAction, ProgressEffect, Run } from './state/progress.ts';
import type { ResultAction, ResultEffect, RunEnd } from './state/result.ts';
import type { Planning, ReviewAction, ReviewEffect } from './state/review.ts';
import type {
  Focus,
  Identities,
  Practice,
  Probe,
  SavedAnswers,
  StepAction,
  StepEffect,
} from './state/step.ts';
import type { Verification, VerificationAction, VerificationEffect } from './state/verification.ts';
import type { KeyPress } from './terminal/key-parser.ts';

/** The pages in their order; the first ones are the steps of the registry. The monitor is a place beside them. */
export type Page = StepId | 'review' | 'progress' | 'result' | 'monitor';

export type TerminalSize = { readonly columns: number; readonly rows: number };

/**
 * Everything the wizard knows; screens are drawn from it and nothing else. Passwords are `Secret`s in the draft. What
 * a page keeps, hears and asks for stands in the file of its name in `state`.
 */
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
  /**
   * Where the cursor of the text field stands that is being edited, in characters from its beginning; at the end when
   * not said.
   */
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
  /** Whether a run or a load of a pack was begun since the wizard was opened. */
  readonly hasWritten: boolean;
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
  | { readonly kind: 'show-message'; readonly message: string }
  /** The process was asked to end: SIGTERM, or the link was lost. */
  | { readonly kind: 'stop' }
  | StepAction
  | ReviewAction
  | ProgressAction
  | ResultAction
  | VerificationAction
  | InitialDataAction
  | MonitorAction;

/** What the host is asked to do; it reports with actions. No effect is awaited. */
export type Effect =
  | { readonly kind: 'redraw' }
  | { readonly kind: 'exit'; readonly exit: ExitName }
  | StepEffect
  | ReviewEffect
  | ProgressEffect
  | ResultEffect
  | VerificationEffect
  | InitialDataEffect
  | MonitorEffect;
