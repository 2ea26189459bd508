/** Runs cases from `first` to `last` and tells the parent of each beginning, so that a hang can be seen from outside. */

import { parentPort, workerData } from 'node:worker_threads';
import { Random } from '../campaign.ts';
import { made } from './grammar.ts';
import { conformanceBatches, mutated } from './mutations.ts';
import { tryBatch } from './text-case.ts';

export type TextJob = {
  readonly seed: number;
  readonly first: number;
  readonly last: number;
};
export type TextReport =
  | { readonly kind: 'begin'; readonly index: number; readonly text: string }
  | { readonly kind: 'problem'; readonly index: number; readonly text: string; readonly problem: string }
  | { readonly kind: 'end' };

const { seed, first, last } = workerData as TextJob;
const tell = (report: TextReport): void => parentPort?.postMessage(report);
const batches = conformanceBatches();

for (let index = first; index < last; index++) {
  const random = new Random(seed, index);
  const text = index % 2 === 0 ? mutated(random, batches) : made(random);
  tell({ kind: 'begin', index, text });
  const problem = await tryBatch(text);
  if (problem !== undefined) tell({ kind: 'problem', index, text, problem });
}
tell({ kind: 'end' });
