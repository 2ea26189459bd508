import { hostname } from 'node:os';
import { connectionTarget } from '../core/answers/sign-in.ts';
import { readKnownIds } from '../core/offline/identification/known-ids.ts';
import { readReplicas } from '../core/offline/replicas/replica.ts';
import { ask, fold } from '../core/plan/detect/ask.ts';
import { createSqlServers } from '../core/sql/connect.ts';
import type { Draft } from '../core/steps/index.ts';
import type { Identities } from '../screens/index.ts';
import { connectTimeout } from './set-up.ts';
import type { WizardAnswers } from './wizard-answers.ts';

/** The answers about the store database alone: the others may still be missing, and are not needed to ask it. */
export function storeDraft(draft: Draft): Draft {
  const rest = Object.entries(draft).filter(([key]) => !key.startsWith('identification.'));
  return { ...Object.fromEntries(rest), task: 'store-database' };
}

/**
 * The stores, registers and companies that the store database of the answers knows, and on which computers registers
 * are set up. Throws ExpectedError when it cannot be reached.
 */
export async function findIdentities(used: WizardAnswers, signal: AbortSignal): Promise<Identities> {
  const { storeDatabase, options } = used.answers;
  const target = await connectionTarget('storeDatabase', storeDatabase, options.encryption, used.secrets);
  const servers = createSqlServers({ pins: used.pins, appName: 'storedb', connectTimeoutMs: connectTimeout });
  const session = await servers.connect({ ...target, database: storeDatabase.name }, signal);
  try {
    const { stores, registers, companies } = await readKnownIds(session, signal);
    // An account that may not read them still sees the IDs; the plan says what it lacks.
    const replicas = await ask(() => readReplicas(session, signal));
    const placed = (replicas.known ? replicas.value : []).filter(
      ({ kind, isRetired }) => kind === 'offline' && !isRetired,
    );
    return {
      stores,
      companies,
      registers: registers.map((id) => {
        const machine = placed.find(({ registerId }) => fold(registerId) === fold(id))?.machine;
        const isHere = machine !== undefined && fold(machine) === fold(hostname());
        return { id, isHere, ...(machine === undefined ? {} : { machine }) };
      }),
    };
  } finally {
    await session.close();
  }
}
