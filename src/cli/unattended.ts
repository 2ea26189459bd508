import type { Answers } from '../core/answers/answers.ts';
import type { SecretPorts } from '../core/answers/secrets.ts';
import { cancelled } from '../core/plan/index.ts';
import type { PinStore } from '../core/sql/pins.ts';
import type { GlobalOptions } from './global-options.ts';
import { machineSecrets } from './machine-secrets.ts';
import { openMemory } from './memory.ts';
import { type PracticeProcess, startPracticeProcess } from './practice-process.ts';
import { onPracticeServer } from './set-up.ts';
import { listenForStop } from './stop-signals.ts';
import { warn } from './warn.ts';

/** What an unattended command works with: the servers of its answers, or a practice server in their place. */
export type Unattended = {
  readonly answers: Answers;
  readonly secrets: SecretPorts;
  readonly pins: PinStore;
  /** Set when it stands in the place of every server. */
  readonly practice: PracticeProcess | undefined;
  /** Aborted when somebody wants the command to end. */
  readonly signal: AbortSignal;
};

/**
 * Does the work of a command that asks nobody anything. With --practice a practice server is started before and ended
 * after it. `onStop` is called at the first request to end.
 */
export async function unattended<Result>(
  answers: Answers,
  globals: GlobalOptions,
  onStop: () => void,
  work: (used: Unattended) => Promise<Result>,
): Promise<Result> {
  const stop = listenForStop(onStop);
  let practice: PracticeProcess | undefined;
  try {
    practice = globals.practice ? await startPracticeProcess() : undefined;
    const own = { answers, secrets: machineSecrets(), pins: openMemory(warn).pins };
    const used = practice === undefined ? own : onPracticeServer(answers, practice, own.secrets);
    return await work({ ...used, practice, signal: stop.signal });
  } catch (error) {
    // What was asked of a server ends with the signal's own reason. A run tells its end itself and does not throw it.
    throw stop.signal.aborted && error === stop.signal.reason ? cancelled(false) : error;
  } finally {
    await practice?.end();
    stop.release();
  }
}
