import type { Draft } from '../core/steps/index.ts';
import {
  type ArrivingJob,
  type Failure,
  type FoundPack,
  missingOf,
  initialDataWords as words,
} from '../screens/index.ts';
import type { ArrivalNews } from './distribute/arriving-data.ts';
import { failureLines } from './plain-page.ts';
import type { LineDialog } from './terminal/line-dialog.ts';
import { failureOf } from './wizard-failure.ts';

/** How the data of a store database is awaited and brought. */
export type Arrival = {
  /** Tells what has come until all has, or the signal is aborted. */
  readonly watch: (tell: ArrivalNews, signal: AbortSignal) => Promise<void>;
  /** Loads a pack; gives what went wrong. */
  readonly load: (
    path: string,
    progress: (words: string) => void,
    signal: AbortSignal,
  ) => Promise<Failure | undefined>;
};

/** Milliseconds between two lines about the load of a pack. */
const progressPause = 1000;

/**
 * Waits for the initial data, line by line. A line comes only where a job has got its data, or a look fails; the
 * question below it stands the whole time. `complete` = it is there, and the technician goes on.
 */
export async function waitForData(
  dialog: LineDialog,
  arrival: Arrival,
  draft: Draft,
  stop: AbortSignal,
): Promise<'complete' | 'left' | 'quit'> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([stop, leaving.signal]);
  const news = newsLines(draft, (lines, question) => dialog.report(lines.join('\n'), question));
  dialog.say(`  ${words.looking}.`);
  const watching = arrival
    .watch(news.tell, signal)
    .catch((error: unknown) => news.tell.failed(failureOf(error)));
  try {
    for (;;) {
      const reply = (await dialog.ask(news.question()))?.trim();
      const pack = news.packs()[Number(reply) - 1];
      if (reply === undefined) return 'quit';
      if (reply === '<') return 'left';
      if (reply === '' && news.isComplete()) return 'complete';
      if (pack !== undefined && !news.isComplete()) await load(dialog, arrival, pack, signal);
      else for (const line of news.summary()) dialog.say(line);
    }
  } finally {
    leaving.abort();
    await watching;
  }
}

async function load(
  dialog: LineDialog,
  arrival: Arrival,
  { path }: FoundPack,
  signal: AbortSignal,
): Promise<void> {
  dialog.say(`  Loading: ${path}`);
  let last = performance.now();
  const progress = (text: string) => {
    if (performance.now() - last < progressPause) return;
    last = performance.now();
    dialog.say(`  ${'working'.padEnd(8)} Loading: ${text}`);
  };
  const failure = await arrival.load(path, progress, signal);
  for (const line of failure === undefined ? ['  The pack is loaded.'] : failureLines(failure))
    dialog.say(line);
}

/** What is known of the data so far; each new thing is told once. */
function newsLines(draft: Draft, report: (lines: readonly string[], question: string) => void) {
  let jobs: readonly ArrivingJob[] | undefined;
  let packs: readonly FoundPack[] = [];
  let isComplete = false;
  let trouble = '';
  const state = () =>
    isComplete
      ? `  ${words.complete}`
      : jobs === undefined
        ? `  ${words.looking}.`
        : `  ${words.waiting(missingOf(jobs).length)}.`;
  const summary = () => [
    ...(jobs ?? []).map(jobLine),
    ...(isComplete ? [] : [...packLines(packs), ...askLines(jobs, draft, packs.length > 0)]),
    state(),
  ];
  const question = () => {
    if (isComplete) return '  Enter = go on, < = back: ';
    const numbers = packs.length === 1 ? '1' : `1 to ${packs.length}`;
    const load = packs.length === 0 ? '' : `${numbers} = load the pack, `;
    return `  ${load}Enter = what is missing, < = back: `;
  };
  const tell: ArrivalNews = {
    packs: (found) => {
      packs = found;
    },
    jobs: (found, isWhole) => {
      const before = jobs;
      const isBack = trouble !== '';
      jobs = found;
      isComplete = isWhole;
      trouble = '';
      if (before === undefined) return report(summary(), question());
      const come = found.filter(
        ({ name, verdict }) => before.find((each) => each.name === name)?.verdict !== verdict,
      );
      if (come.length > 0 || isBack) report([...come.map(jobLine), state()], question());
    },
    failed: (failure) => {
      if (failure.message !== trouble) report(failureLines(failure), question());
      trouble = failure.message;
    },
  };
  return { tell, summary, question, packs: () => packs, isComplete: () => isComplete };
}

function jobLine(job: ArrivingJob): string {
  return `  ${words.status(job).padEnd(8)} ${words.job(job)}`;
}

function packLines(packs: readonly FoundPack[]): readonly string[] {
  if (packs.length === 0) return [];
  return [`  ${words.packs}`, ...packs.map((pack, index) => `  ${index + 1}  ${pack.path}: ${pack.words}`)];
}

function askLines(
  jobs: readonly ArrivingJob[] | undefined,
  draft: Draft,
  hasPacks: boolean,
): readonly string[] {
  const missing = missingOf(jobs);
  return missing.length === 0
    ? []
    : [`  ${words.ask(draft, hasPacks)}`, ...missing.map(({ name }) => `    ${name}`)];
}
