import type { RunEvent } from '../core/plan/index.ts';
import type { Failure, RunEnd } from '../screens/index.ts';
import { lineWriter } from './lines.ts';

/** What is said on the normal screen after the wizard's own screen has gone, because that one leaves nothing behind. */
export type ClosingLines = {
  readonly warn: (text: string) => void;
  readonly event: (event: RunEvent) => void;
  readonly end: (end: RunEnd) => void;
  readonly pack: (load: PackLoad) => void;
  readonly lines: () => readonly string[];
};

/** How the load of a pack has ended. */
export type PackLoad = { readonly path: string; readonly failure: Failure | undefined };

export function closingLines(isPractice: boolean): ClosingLines {
  const warnings: string[] = [];
  const packs: string[] = [];
  let told: string[] = [];
  let write = lineWriter();
  let ended: RunEnd | undefined;
  return {
    warn: (text) => {
      if (!warnings.includes(text)) warnings.push(text);
    },
    event: (event) => {
      if (event.kind === 'run-started') {
        told = [];
        write = lineWriter();
      }
      const lines = write(event);
      if (isWorthKeeping(event)) told.push(...lines);
    },
    end: (end) => {
      ended = end;
    },
    pack: (load) => {
      packs.push(...packLines(load));
    },
    lines: () => [
      ...warnings.map((text) => `Warning: ${text}`),
      ...packs,
      ...told,
      ...(ended !== undefined ? endLines(ended) : packs.length > 0 ? [] : [notBegun(isPractice)]),
    ],
  };
}

function isWorthKeeping(event: RunEvent): boolean {
  if (event.kind === 'action-finished') return event.outcome === 'warning' || event.outcome === 'failed';
  return event.kind === 'run-started' || event.kind === 'warning' || event.kind === 'run-finished';
}

function packLines({ path, failure }: PackLoad): readonly string[] {
  return failure === undefined
    ? [`Loaded into the store database: ${path}`]
    : [`Not loaded to its end: ${path}`, failure.message, `Next: ${failure.hint}`];
}

/** What is said where the process is ended in the middle of a run. A practice server ends with it. */
export function endedAtOnce(isPractice: boolean): string {
  const words = 'Ended in the middle of the work.';
  return isPractice ? words : `${words} Start storedb again with the same answers: it continues.`;
}

function notBegun(isPractice: boolean): string {
  return isPractice
    ? 'Nothing was changed.'
    : 'Nothing was changed. Start storedb again to continue with your answers.';
}

/** What went wrong where no run could begin, where the log is, and the command that does the same again. */
export function endLines({ exit, log, command, failure }: RunEnd): readonly string[] {
  return [
    ...(failure === undefined ? [] : [failure.message, `Next: ${failure.hint}`]),
    ...(log === '' ? [] : [`Log: ${log}`]),
    ...(command === '' ? [] : [`${exit === 'done' ? 'Next one' : 'Continue'}: ${command}`]),
  ];
}
