import { startingDraft } from '../core/answers/draft.ts';
import type { GlyphSet } from './glyphs.ts';
import type { TerminalSize, WizardState } from './wizard.ts';

export type WizardOptions = {
  readonly version: string;
  readonly size: TerminalSize;
  readonly glyphs: GlyphSet;
  /** Whether a practice server takes the place of every server. */
  readonly isPractice: boolean;
  /** The host's clock, in milliseconds. */
  readonly now: number;
};

/** The wizard as it opens: the first page, with the defaults in its fields. Dispatch `open` to begin. */
export function initialWizard(options: WizardOptions): WizardState {
  return {
    version: options.version,
    size: options.size,
    glyphs: options.glyphs,
    now: options.now,
    page: 'task',
    draft: { task: 'store-database', ...startingDraft() },
    focus: 'task',
    cursors: {},
    problems: [],
    scroll: 0,
    servers: [],
    practice: options.isPractice ? { status: 'starting' } : undefined,
    heldKeys: [],
    hasWritten: false,
    serial: 1,
    isOver: false,
  };
}

/** The monitor with nothing beside it: for a register whose answers are known already. Dispatch `open` to begin. */
export function initialMonitor(options: WizardOptions): WizardState {
  return {
    ...initialWizard(options),
    page: 'monitor',
    purpose: 'watch',
    practice: options.isPractice ? { status: 'ready' } : undefined,
  };
}
