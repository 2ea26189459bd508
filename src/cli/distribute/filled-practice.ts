import type { Answers } from '../../core/answers/answers.ts';
import type { ExitName } from '../../core/errors.ts';
import { preparePractice } from '../apply.ts';
import type { Unattended } from '../unattended.ts';

/** A practice server is empty: whoever looks into its store database gets one with the sample first. Says only failures. */
export const filledPractice = (
  used: Unattended,
  answers: Answers,
  logDir: string | undefined,
): Promise<ExitName> =>
  preparePractice(used, { ...answers, task: 'offline-database' }, { show: 'failures', logDir });
