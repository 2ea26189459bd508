import type { Answers } from '../../core/answers/answers.ts';
import { readAnswers } from '../read-answers.ts';

/** What a distribution takes of a file with any answers. */
export async function storeAnswers(file: string, overrides: readonly string[]): Promise<Answers> {
  return aboutStore(await readAnswers(file, overrides));
}

/** The store database alone and whose it is; the pack is named apart. */
export function aboutStore({ offlineDatabase: _, serviceAccount: __, ...answers }: Answers): Answers {
  const { initialData: ___, ...options } = answers.options;
  return { ...answers, task: 'store-database', options };
}
