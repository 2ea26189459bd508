import type { RunEvent } from '../core/plan/index.ts';
import { elapsed, practiceNotice } from '../core/words.ts';
import { paceOf } from './pace.ts';

/** Turns the events of a run into the lines that a technician reads in a pipe or a log; [] where nothing new is to be said. */
export type LineWriter = (event: RunEvent) => readonly string[];

/** Milliseconds between two lines about the progress of one action. */
const progressPause = 1000;

/** One line an event; progress at most once a second. The state it keeps is the time of the last progress line. */
export function lineWriter(): LineWriter {
  let lastProgress = 0;
  let isPractice = false;
  let pace = paceOf();
  const titles = new Map<string, string>();
  return (event) => {
    switch (event.kind) {
      case 'run-started': {
        isPractice = event.isPracticeServer;
        for (const action of event.actions) titles.set(action.id, action.title);
        // The whole sentence stands once, at the end, where the result is read.
        const place = `${event.target.server} / ${event.target.database}${isPractice ? ' (practice)' : ''}`;
        const count = event.actions.length;
        return [
          count === 0
            ? `${place}: nothing to do`
            : `${place}: ${count} ${count === 1 ? 'action' : 'actions'}`,
        ];
      }
      case 'action-started':
        lastProgress = Date.parse(event.at);
        pace = paceOf();
        return [];
      case 'action-progress': {
        const now = Date.parse(event.at);
        const words = pace(event, now);
        if (now - lastProgress < progressPause) return [];
        lastProgress = now;
        return [`  working  ${titles.get(event.id) ?? event.id}: ${words}`];
      }
      case 'action-finished': {
        const title = titles.get(event.id) ?? event.id;
        const word = { done: 'ok', skipped: 'ok', warning: 'warning', failed: 'failed' }[
          event.outcome
        ].padEnd(8);
        const note = event.outcome === 'skipped' ? 'was done already' : elapsed(event.elapsedMs);
        // What failed the run is said once, at its end.
        return [
          `  ${word} ${title}  (${note})`,
          ...(event.outcome === 'failed' ? [] : findingLines(event.finding)),
        ];
      }
      case 'warning':
        return findingLines(event.finding, 'Warning: ');
      case 'run-finished':
        return event.failure === undefined
          ? [event.summary]
          : [event.failure.message, `Next: ${event.failure.hint}`, ...(isPractice ? [practiceNotice] : [])];
    }
  };
}

function findingLines(
  finding: { readonly message: string; readonly hint: string } | undefined,
  mark = '',
): readonly string[] {
  if (finding === undefined) return [];
  const next = finding.hint === '' ? [] : [`           Next: ${finding.hint}`];
  return [`           ${mark}${finding.message}`, ...next];
}
