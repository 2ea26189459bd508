import { dirname, resolve } from 'node:path';
import type { Answers } from '../core/answers/answers.ts';
import { parseAnswers } from '../core/answers/load.ts';
import { absolutePack, withAbsolutePaths } from '../core/answers/paths.ts';
import { largestAnswers, readAnswersFile } from '../core/answers/read-file.ts';
import { readSmallFile } from './small-file.ts';

/**
 * The valid answers of a file, with `--set` applied. Paths in it count from the folder of the file, those of `--set`
 * from the current one, where the shell completed them. Throws ExpectedError (exit answers, or usage for --set).
 */
export async function readAnswers(path: string, overrides: readonly string[]): Promise<Answers> {
  const text = await readAnswersFile(path, { read: (file) => readSmallFile(file, largestAnswers) });
  const answers = parseAnswers(text, path, overrides.map(withPathFromHere));
  return withAbsolutePaths(answers, dirname(resolve(path)));
}

function withPathFromHere(override: string): string {
  const pack = /^\s*options\.schemaPack\s*=(?<path>.*\S.*)$/s.exec(override)?.groups?.path;
  return pack === undefined ? override : `options.schemaPack=${absolutePack(pack, process.cwd())}`;
}
