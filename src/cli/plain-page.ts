import type { ExitName } from '../core/errors.ts';
import type { PinStore } from '../core/sql/pins.ts';
import type { Draft } from '../core/steps/index.ts';
import type { Failure } from '../screens/index.ts';
import type { Memory } from './memory.ts';
import type { PracticeProcess } from './practice-process.ts';
import type { StopSignals } from './stop-signals.ts';
import type { LineDialog } from './terminal/line-dialog.ts';
import { warn } from './warn.ts';
import { type WizardAnswers, wizardAnswers } from './wizard-answers.ts';
import { failureOf } from './wizard-failure.ts';

/** Everything that the pages of the plain wizard share. */
export type Plain = {
  readonly dialog: LineDialog;
  readonly memory: Memory;
  readonly practice: PracticeProcess | undefined;
  readonly pins: PinStore;
  readonly stop: StopSignals;
  readonly logDir: string | undefined;
  /** Whether a run or a load of a pack was begun; what is left then was not left before anything was changed. */
  readonly work: { isBegun: boolean };
};

/** Where a page leads: another page, by its number among all, or out. */
export type Way =
  | { readonly kind: 'go'; readonly to: number; readonly draft: Draft }
  | { readonly kind: 'exit'; readonly exit: ExitName };

/** The answers of a complete draft, as connections are made from them. */
export function answersOf({ pins, practice }: Plain, draft: Draft): WizardAnswers {
  return wizardAnswers(draft, { pins, practice, warn });
}

/** What went wrong and the one next thing to do. */
export function failureLines({ message, hint }: Failure): readonly string[] {
  return [`  ${message}`, ...(hint === '' ? [] : [`  Next: ${hint}`])];
}

export function sayFailure(dialog: LineDialog, error: unknown): void {
  for (const line of failureLines(failureOf(error))) dialog.say(line);
}
