import type { Answers } from '../answers/answers.ts';
import { ExpectedError } from '../errors.ts';
import type { SetupInput } from '../plan/setup.ts';
import { databaseOf } from '../plan/situation.ts';
import { registerIdsOf } from '../plan/tasks/refuse-store.ts';
import type { SyncInput } from './sync-input.ts';

/**
 * A register and its store as the answers of its set-up name them. Throws ExpectedError `no-register` for answers of
 * another task.
 */
export function syncInputOf(input: SetupInput): SyncInput {
  const { answers, servers, storeSignIn, offlineSignIn, clock, operator } = input;
  if (offlineSignIn === undefined) throw noRegister(answers);
  const { encryption } = answers.options;
  const store = databaseOf('store', answers);
  const offline = databaseOf('offline', answers);
  return {
    servers,
    store: { server: store.server, database: store.name, signIn: storeSignIn, encryption },
    offline: { server: offline.server, database: offline.name, signIn: offlineSignIn, encryption },
    ids: registerIdsOf(answers),
    clock,
    host: operator.host,
  };
}

/** Only a register with an offline database takes part in the synchronisation (exit answers). */
export function noRegister({ task }: Answers): ExpectedError {
  return new ExpectedError({
    code: 'no-register',
    exit: 'answers',
    message: `These answers are about the task ${task}, which has no offline database.`,
    hint: 'Give the answers by which the register was set up (task: offline-database).',
  });
}
