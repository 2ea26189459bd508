import { ExpectedError } from '../../core/errors.ts';
import type { Action } from '../../screens/index.ts';
import { type PracticeProcess, startPracticeProcess } from '../practice-process.ts';
import { failureOf } from '../wizard-failure.ts';

/** The practice server that stands in the place of every server under --practice. */
export type PracticeHost = {
  /** Reports with actions. */
  readonly start: () => Promise<void>;
  /** Throws ExpectedError `practice-server-failed` while there is none: no other server may be touched. */
  readonly server: () => PracticeProcess;
  readonly end: () => Promise<void>;
};

export function createPracticeHost(ports: {
  readonly dispatch: (action: Action) => void;
  readonly warn: (text: string) => void;
}): PracticeHost {
  let practice: PracticeProcess | undefined;
  let starting: Promise<void> | undefined;

  async function start(): Promise<void> {
    try {
      practice = await startPracticeProcess(ports.warn);
      const { server, user, password } = practice;
      ports.dispatch({ kind: 'practice-ready', server, user, password });
    } catch (error) {
      ports.dispatch({ kind: 'practice-failed', failure: failureOf(error) });
    }
  }

  return {
    start: () => {
      starting = start();
      return starting;
    },
    server: () => {
      if (practice === undefined) throw noPracticeServer();
      return practice;
    },
    end: async () => {
      await starting;
      await practice?.end();
    },
  };
}

function noPracticeServer(): ExpectedError {
  return new ExpectedError({
    code: 'practice-server-failed',
    exit: 'prerequisite',
    message: 'There is no practice server to connect to.',
    hint: 'Run "storedb practice" by itself and see what it says.',
  });
}
