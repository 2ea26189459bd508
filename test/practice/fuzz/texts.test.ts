import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { CAMPAIGN_TIMEOUT, campaign } from '../campaign.ts';
import type { TextJob, TextReport } from './text-worker.ts';

/** A case that says nothing for so long, in milliseconds, hangs. */
const SILENCE = 30_000;
/** More memory than this, in MB, and a case is without bounds: the worker then ends. */
const MEMORY = 768;

/** Runs the cases in a thread of their own: only so can a hang be seen, and told by its text. */
const runCases = (job: TextJob): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const problems: string[] = [];
    let current = 'nothing';
    const worker = new Worker(new URL('./text-worker.ts', import.meta.url), {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    });
    const silent = (): void => {
      problems.push(`hangs: ${current}`);
      void worker.terminate();
    };
    let watch = setTimeout(silent, SILENCE);
    worker.on('message', (report: TextReport) => {
      clearTimeout(watch);
      watch = setTimeout(silent, SILENCE);
      if (report.kind === 'begin') current = `case ${report.index}: ${report.text}`;
      if (report.kind === 'problem')
        problems.push(`case ${report.index} of seed ${job.seed}: ${report.problem}\n${report.text}`);
      if (problems.length >= 5) void worker.terminate();
    });
    worker.on('error', (error) =>
      problems.push(`${error instanceof Error ? error.message : error} in ${current}`),
    );
    worker.on('exit', () => {
      clearTimeout(watch);
      resolve(problems);
    });
  });

test(
  'a batch that nobody would write ends with a sound reply, and the session goes on',
  async () => {
    const { seed, cases } = campaign('texts', 800);
    expect(await runCases({ seed, first: 0, last: cases })).toEqual([]);
  },
  CAMPAIGN_TIMEOUT,
);
