import type { ExitName } from '../core/errors.ts';
import { preparePractice, runAndReport, sayStopping } from './apply.ts';
import type { GlobalOptions } from './global-options.ts';
import { readAnswers } from './read-answers.ts';
import { shippedFiles } from './shipped-files.ts';
import { unattended } from './unattended.ts';

/**
 * What `npm start` does where nobody can be asked: a store database with sample data, the offline database of a
 * register, and the proof of both, from the example answers and on a practice server.
 */
export async function runExample(globals: GlobalOptions): Promise<ExitName> {
  process.stdout.write('No terminal: applying the example answers on a practice server instead of asking.\n');
  const answers = await readAnswers(shippedFiles.exampleAnswers('offline-database.yaml'), []);
  const options = { show: 'lines', logDir: globals.logDir } as const;
  return await unattended(answers, { ...globals, practice: true }, sayStopping, async (used) => {
    const prepared = await preparePractice(used, answers, options);
    return prepared === 'done' ? await runAndReport(used, answers, { ...options, verifies: true }) : prepared;
  });
}
