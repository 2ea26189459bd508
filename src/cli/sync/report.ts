import { recordAnswers } from '../../core/answers/record.ts';
import type { ScopeResult, SyncEvent } from '../../core/sync/events.ts';
import { practiceNotice } from '../../core/words.ts';
import { type LogFolder, openLogFolder } from '../log-folder.ts';
import { subjectOf } from '../subject.ts';
import { warn } from '../warn.ts';
import type { SyncLineWriter } from './lines.ts';
import type { Register } from './register.ts';

/** Where the synchronisation is told: on stdout and in a log folder. */
export type SyncReport = {
  tell(event: SyncEvent): void;
  /** Ends the summary; `line` is the last word. */
  end(line?: string): void;
};

/** Opens the log folder. `json` = the events themselves on stdout, one a line; else the lines that `lines` makes of them. */
export function openSyncReport(
  { answers, isPractice }: Register,
  {
    json,
    logDir,
    lines,
  }: { readonly json: boolean; readonly logDir: string | undefined; readonly lines: SyncLineWriter },
): SyncReport {
  const log = openLogFolder({ chosen: logDir, subject: subjectOf(answers), now: new Date(), warn });
  log.write('answers.yaml', recordAnswers(answers));
  const told: string[] = [];
  const say = (text: string) => {
    remember(told, text, log);
    if (!json) process.stdout.write(`${text}\n`);
  };
  return {
    tell: (event) => {
      if (isWorthLogging(event)) log.event(JSON.stringify(event));
      if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
      for (const line of lines(event)) say(line);
    },
    end: (line) => {
      if (line !== undefined) say(line);
      if (isPractice) say(practiceNotice);
      if (!json && log.summary !== undefined) process.stdout.write(`Log: ${log.summary}\n`);
    },
  };
}

/** Lines of a run that goes on for weeks must not grow without end: the summary keeps the newest. */
const mostLines = 500;

function remember(told: string[], text: string, log: LogFolder): void {
  told.push(text);
  if (told.length > mostLines) told.shift();
  log.write('summary.txt', `${told.join('\n')}\n`);
}

/** Cycles in which nothing happened come by the thousand. */
function isWorthLogging(event: SyncEvent): boolean {
  switch (event.kind) {
    case 'finding':
      return true;
    case 'scope-finished':
      return isEventful(event);
    case 'cycle-finished':
      return event.outcome !== 'done' || event.scopes.some(isEventful);
    default:
      return false;
  }
}

function isEventful({ outcome, downloaded, uploaded }: ScopeResult): boolean {
  return outcome !== 'done' || downloaded.total + uploaded.total > 0;
}
