import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Answers } from '../core/answers/answers.ts';
import { toAnswers, typedSecrets } from '../core/answers/draft.ts';
import { recordAnswers } from '../core/answers/record.ts';
import type { SecretPorts } from '../core/answers/secrets.ts';
import { ExpectedError } from '../core/errors.ts';
import type { PinStore } from '../core/sql/pins.ts';
import type { Draft } from '../core/steps/index.ts';
import { machineSecrets } from './machine-secrets.ts';
import type { PracticeProcess } from './practice-process.ts';
import { onPracticeServer } from './set-up.ts';
import { fileNameOf, subjectOf } from './subject.ts';

/** What a connection of the wizard is made from. */
export type WizardAnswers = {
  /** As they were typed: what is recorded. */
  readonly typed: Answers;
  /** As they are used: under --practice a practice server stands in the place of every server. */
  readonly answers: Answers;
  readonly secrets: SecretPorts;
  readonly pins: PinStore;
};

/**
 * The answers of a complete draft with the passwords that were typed. On the practice server itself user and password
 * count as typed, so that a wrong password can be practised too; any other server is replaced by it.
 */
export function wizardAnswers(
  draft: Draft,
  host: {
    readonly pins: PinStore;
    readonly practice: PracticeProcess | undefined;
    readonly warn: (text: string) => void;
  },
): WizardAnswers {
  const typed = toAnswers(draft);
  // Nobody can be asked behind the screens: every password has been typed, or comes from elsewhere.
  const secrets: SecretPorts = {
    ...machineSecrets(typedSecrets(draft)),
    prompt: async () => undefined,
    warn: host.warn,
  };
  const { practice } = host;
  if (practice === undefined || typed.storeDatabase.server === practice.server)
    return { typed, answers: typed, secrets, pins: host.pins };
  return { typed, ...onPracticeServer(typed, practice, secrets) };
}

/**
 * Writes the answers into a new file of the folder and gives its path; an existing file stays as it is. Throws
 * ExpectedError `file-unwritable` where nothing can be written, as on a disc or in a folder of Windows.
 */
export function writeAnswersFile(answers: Answers, folder: string = process.cwd()): string {
  const stem = `answers_${fileNameOf(subjectOf(answers))}`;
  const text = recordAnswers(answers);
  for (let number = 1; ; number += 1) {
    const path = resolve(folder, `${stem}${number === 1 ? '' : `_${number}`}.yaml`);
    try {
      writeFileSync(path, text, { flag: 'wx' });
      return path;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      throw new ExpectedError({
        code: 'file-unwritable',
        exit: 'usage',
        message: `${path} cannot be written (${code}).`,
        hint: 'Start storedb from a folder that you may write to.',
        cause: error,
      });
    }
  }
}

/** The command that does the same again; a path with blanks is quoted as both cmd and POSIX shells take it. */
export function repeatCommand(answersPath: string, isPractice: boolean): string {
  const path = /[^\w@%+=:,./\\-]/.test(answersPath) ? `"${answersPath}"` : answersPath;
  return `storedb ${isPractice ? '--practice ' : ''}apply ${path}`;
}
