import { readFileSync } from 'node:fs';
import { ExpectedError } from '../../core/errors.ts';
import type { RunEvent } from '../../core/plan/index.ts';
import type { Draft } from '../../core/steps/index.ts';
import type { ProgressEffect, ResultEffect, RunEnd } from '../../screens/index.ts';
import type { PracticeProcess } from '../practice-process.ts';
import { failureOf } from '../wizard-failure.ts';
import { runForWizard } from '../wizard-run.ts';
import type { EffectHost, HostPorts } from './effect-host.ts';

type Effect = Exclude<ProgressEffect, { kind: 'end-now' }> | ResultEffect;

/** The run, and its log once it has ended. */
export function createRunHost({
  dispatch,
  answersOf,
  practice,
  logDir,
  warn,
  onRunEvent,
  onRunEnd,
  finish,
}: HostPorts & {
  /** The server that stands in the place of every one. */
  readonly practice: () => PracticeProcess | undefined;
  readonly logDir: string | undefined;
  readonly warn: (text: string) => void;
  readonly onRunEvent: (event: RunEvent) => void;
  readonly onRunEnd: (end: RunEnd) => void;
  /** Keeps the answers of a run that is done. */
  readonly finish: (draft: Draft) => void;
}): EffectHost<Effect> {
  let run = new AbortController();
  let log = '';

  async function start({ draft, fingerprint }: Extract<Effect, { kind: 'start-run' }>): Promise<void> {
    const show = (event: RunEvent) => {
      onRunEvent(event);
      dispatch({ kind: 'run-event', event });
    };
    // A run that was stopped can be tried again.
    run = new AbortController();
    let end: RunEnd;
    try {
      const options = { fingerprint, logDir, practice: practice(), warn, show };
      end = await runForWizard(answersOf(draft), options, run.signal);
      log = end.log;
    } catch (error) {
      end = notBegun(error);
    }
    onRunEnd(end);
    dispatch({ kind: 'run-ended', end });
  }

  return {
    carryOut: (effect) => {
      switch (effect.kind) {
        case 'start-run':
          return start(effect);
        case 'cancel-run':
          return run.abort();
        case 'read-log':
          return dispatch({ kind: 'log-read', lines: linesOf(log) });
        case 'keep-as-defaults':
          return finish(effect.draft);
      }
    },
    end: () => run.abort(),
  };
}

/** The log lies on a stick, perhaps, and sticks are pulled out. */
function linesOf(log: string): readonly string[] {
  try {
    return readFileSync(log, 'utf8').split(/\r?\n/);
  } catch (error) {
    throw new ExpectedError({
      code: 'log-unreadable',
      exit: 'usage',
      message: `${log} cannot be read any more (${(error as NodeJS.ErrnoException).code}).`,
      hint: 'Put back what it lies on.',
      cause: error,
    });
  }
}

/** A run that could not even have a log folder: there is nothing to read and nothing to repeat. */
function notBegun(error: unknown): RunEnd {
  const exit = error instanceof ExpectedError ? error.exit : 'bug';
  return { exit, log: '', command: '', failure: failureOf(error) };
}
