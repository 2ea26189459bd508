import { stringify } from 'yaml';
import { type Draft, fields } from '../steps/index.ts';
import type { Answers } from './answers.ts';
import { fromAnswers } from './draft.ts';
import { nest } from './nesting.ts';

const heading = [
  '# Answers of a storedb run. The same run again:  storedb apply THIS-FILE',
  '# Passwords are not in here, only where they come from.',
].join('\n');

/**
 * The answers as a file that reproduces the run: `parseAnswers` gives the same answers back. Passwords are references;
 * anything else in their place is a bug and throws before it is written.
 */
export function recordAnswers(answers: Answers): string {
  const draft: Draft = fromAnswers(answers);
  const values = fields.flatMap((field): [string, string | boolean][] => {
    const value = draft[field.key];
    if (typeof value !== 'string' && typeof value !== 'boolean') return [];
    if (field.kind === 'secret' && !field.schema.safeParse(value).success) {
      throw new Error(`${field.key} holds no reference to a secret`);
    }
    return [[field.key, value]];
  });
  // Single quotes leave backslashes alone; long names stay on their line.
  const yaml = stringify({ version: 1, ...nest(values) }, { singleQuote: true, lineWidth: 0 });
  return `${heading}\n${yaml}`;
}
