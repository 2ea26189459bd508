import { readFile } from 'node:fs/promises';
import type { Answers } from '../core/answers/answers.ts';
import { parseAnswers } from '../core/answers/load.ts';
import { readAnswersFile } from '../core/answers/read-file.ts';

/** The valid answers of a file, with `--set` applied. Throws ExpectedError (exit answers, or usage for --set). */
export async function readAnswers(path: string, overrides: readonly string[]): Promise<Answers> {
  const text = await readAnswersFile(path, { read: (file) => readFile(file) });
  return parseAnswers(text, path, overrides);
}
