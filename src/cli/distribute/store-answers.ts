import type { Answers } from '../../core/answers/answers.ts';
import { readAnswers } from '../read-answers.ts';

/** What a distribution takes of any answers: the store database and whose it is. The pack is named by the command. */
export async function storeAnswers(file: string, overrides: readonly string[]): Promise<Answers> {
  const { offlineDatabase: _, serviceAccount: __, ...answers } = await readAnswers(file, overrides);
  const { initialData: ___, ...options } = answers.options;
  return { ...answers, task: 'store-database', options };
}
