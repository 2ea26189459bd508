/** Reads the conformance cases and says how an answer differs from what is expected. */

import { readFileSync } from 'node:fs';

export type Cell = string | number | boolean | null;
export type Answer = {
  readonly sets: readonly {
    readonly columns: readonly (readonly [string, string])[];
    readonly rows: readonly (readonly Cell[])[];
  }[];
  readonly counts: readonly number[];
  readonly prints: readonly string[];
  readonly errors: readonly ErrorAnswer[];
};
export type ErrorAnswer = {
  readonly number: number;
  readonly class?: number;
  readonly state?: number;
  readonly line?: number;
  readonly text?: string;
};

export type Verdict = {
  readonly id: string;
  readonly verdict: 'right' | 'wrong' | 'refused';
  readonly why?: string;
};

export type Case = {
  readonly id: string;
  readonly topic: string;
  readonly batches: readonly (string | { readonly on: string; readonly sql: string })[];
  readonly expect: readonly Partial<Answer>[];
  /** Numbers that older versions give, by the number that is expected. */
  readonly accept?: Readonly<Record<string, readonly number[]>>;
  /** The first and last year's version that the case is about. */
  readonly minVersion?: number;
  readonly since?: number;
  readonly maxVersion?: number;
};

export const readCases = (file: string): Case[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);

/** The first difference in words; undefined when the answer is right. */
export const difference = (
  expected: Case['expect'][number],
  answer: Answer,
  accept: NonNullable<Case['accept']>,
): string | undefined => {
  const wanted = expected.errors ?? [];
  const numbers = answer.errors.map((error) => error.number);
  if (wanted.length !== numbers.length)
    return `errors ${JSON.stringify(answer.errors)} instead of ${JSON.stringify(wanted)}`;
  for (const [i, error] of wanted.entries()) {
    const given = answer.errors[i]!;
    if (given.number !== error.number && accept[error.number]?.includes(given.number) !== true)
      return `error ${given.number} (${given.text}) instead of ${error.number}`;
    for (const field of ['class', 'state', 'line'] as const) {
      if (error[field] !== undefined && given.number === error.number && given[field] !== error[field]) {
        return `error ${given.number} with ${field} ${given[field]} instead of ${error[field]}`;
      }
    }
  }
  const sets = expected.sets ?? [];
  if (sets.length !== answer.sets.length)
    return `${answer.sets.length} result sets instead of ${sets.length}`;
  for (const [i, set] of sets.entries()) {
    const given = answer.sets[i]!;
    if (JSON.stringify(given.columns) !== JSON.stringify(set.columns))
      return `columns ${JSON.stringify(given.columns)} instead of ${JSON.stringify(set.columns)}`;
    if (JSON.stringify(given.rows) !== JSON.stringify(set.rows))
      return `rows ${JSON.stringify(given.rows)} instead of ${JSON.stringify(set.rows)}`;
  }
  const counts = expected.counts ?? [];
  if (JSON.stringify(counts) !== JSON.stringify(answer.counts))
    return `counts ${JSON.stringify(answer.counts)} instead of ${JSON.stringify(counts)}`;
  const prints = expected.prints ?? [];
  if (JSON.stringify(prints) !== JSON.stringify(answer.prints))
    return `prints ${JSON.stringify(answer.prints)} instead of ${JSON.stringify(prints)}`;
  return undefined;
};

export const caseFiles = ['expressions', 'statements', 'sessions', 'own'] as const;
