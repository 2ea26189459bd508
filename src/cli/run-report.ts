import type { ExitName } from '../core/errors.ts';
import type { RunEvent } from '../core/plan/index.ts';
import { elapsed } from '../core/words.ts';
import { lineWriter } from './lines.ts';
import type { LogFolder } from './log-folder.ts';

/** Where a run is told: the log folder gets everything, the technician what `show` makes of it. */
export type RunReport = {
  readonly log: LogFolder;
  readonly show: (event: RunEvent) => void;
};

/** How a run ended, and the lines of its summary. */
export type Reported = { readonly exit: ExitName; readonly lines: readonly string[] };

/** Drives a run to its end. Every event goes to the log first. Gives the exit of its last event. */
export async function reportRun(events: AsyncIterable<RunEvent>, report: RunReport): Promise<Reported> {
  const lines = lineWriter();
  const told: string[] = [];
  let exit: ExitName = 'bug';
  for await (const event of events) {
    report.log.event(JSON.stringify(event));
    if (event.kind === 'run-finished') exit = event.exit;
    told.push(...lines(event));
    if (event.kind === 'run-finished') report.log.write('summary.txt', `${told.join('\n')}\n`);
    report.show(event);
  }
  return { exit, lines: told };
}

/** Milliseconds after which an action that says nothing is named as being at work, and named again. */
const patience = 10_000;

/**
 * Shows a run as plain lines on stdout; what it failed of goes to stderr. An action that takes long is named while it
 * is at work: over a link that has gone silent nobody should have to guess what is being waited for.
 */
export function showAsLines(): (event: RunEvent) => void {
  const lines = lineWriter();
  let waiting: NodeJS.Timeout | undefined;
  return (event) => {
    const isFailure = event.kind === 'run-finished' && event.failure !== undefined;
    const stream = isFailure ? process.stderr : process.stdout;
    for (const line of lines(event)) stream.write(`${line}\n`);
    if (event.kind === 'action-started') {
      const begun = performance.now();
      clearInterval(waiting);
      waiting = setInterval(() => {
        const since = elapsed(performance.now() - begun);
        process.stdout.write(`  working  ${event.title}  (${since} so far)\n`);
      }, patience).unref();
    }
    if (event.kind === 'action-finished' || event.kind === 'run-finished') clearInterval(waiting);
  };
}

/** Shows nothing but what a run failed of, on stderr: for a run that only prepares another one. */
export function showFailures(): (event: RunEvent) => void {
  return (event) => {
    if (event.kind !== 'run-finished' || event.failure === undefined) return;
    process.stderr.write(`${event.failure.message}\nNext: ${event.failure.hint}\n`);
  };
}

/** Shows a run as JSON lines: the events themselves. */
export function showAsJson(): (event: RunEvent) => void {
  return (event) => {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  };
}
