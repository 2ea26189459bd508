import { ExpectedError } from '../../errors.ts';
import { type Replica, selfOf } from '../../offline/replicas/replica.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import type { SyncInput } from '../sync-input.ts';
import type { SideFound } from './side-found.ts';

/** The two databases as each knows itself and the other. */
export type Identity = {
  readonly register: Replica;
  readonly store: Replica;
  /** The store's local id at the register, and the register's at the store. */
  readonly storeId: number;
  readonly registerId: number;
  readonly findings: readonly Finding[];
};

/** Whose offline database it is. Throws ExpectedError (exit prerequisite) where it is none or another register's. */
export function registerSelf(found: SideFound, { ids, store, offline }: SyncInput): Replica {
  const self = selfOf(found.replicas);
  if (fold(store.server) === fold(offline.server) && fold(store.database) === fold(offline.database))
    throw refused(
      'one-database',
      `The store database and the offline database are one: ${offline.database} on ${offline.server}.`,
      'Check the servers and the names of the two databases.',
    );
  if (self === undefined) throw notSetUp('offline');
  if (self.kind !== 'offline')
    throw refused(
      'not-an-offline-database',
      `The database ${self.databaseName} takes part in the synchronisation as a store database.`,
      'Check the name of the offline database: it is that of the store database.',
    );
  const differs = (['registerId', 'storeId', 'dataAreaId'] as const).find(
    (field) => fold(self[field]) !== fold(ids[field]),
  );
  if (differs !== undefined)
    throw refused(
      'database-of-other-register',
      `The offline database belongs to register ${self.registerId} of store ${self.storeId} (${self.dataAreaId}), not to ${ids.registerId} of ${ids.storeId} (${ids.dataAreaId}).`,
      'Check the register ID and the name of the offline database.',
    );
  return self;
}

/** Whether the two know each other. Throws ExpectedError (exit prerequisite) that says which of them does not. Pure. */
export function judgeIdentity(input: SyncInput, offline: SideFound, store: SideFound): Identity {
  const register = registerSelf(offline, input);
  const storeSelf = selfOf(store.replicas);
  if (storeSelf === undefined) throw notSetUp('store');
  if (storeSelf.kind !== 'store')
    throw refused(
      'not-a-store-database',
      `The database ${storeSelf.databaseName} takes part in the synchronisation as that of register ${storeSelf.registerId}.`,
      'Check the name of the store database: it is that of an offline database.',
    );
  const storeHere = offline.replicas.find(({ replicaId }) => replicaId === storeSelf.replicaId);
  if (storeHere === undefined || storeHere.isRetired)
    throw refused(
      'other-store',
      `Register ${register.registerId} was set up with another store database than this one.`,
      'Check the server and name of the store database; if the store has a new one, run storedb apply on this register.',
    );
  const registerThere = store.replicas.find(({ replicaId }) => replicaId === register.replicaId);
  if (registerThere === undefined)
    throw refused(
      'register-not-known',
      `The store database does not know this offline database of register ${register.registerId}.`,
      'Run storedb apply on this register.',
    );
  if (registerThere.isRetired)
    throw refused(
      'register-retired',
      `Another offline database has taken the place of this one as register ${register.registerId}.`,
      'On this computer, stop the sync service. If this is the right computer, run storedb apply with options.replaceRegister: true.',
    );
  return {
    register,
    store: storeSelf,
    storeId: storeHere.localId,
    registerId: registerThere.localId,
    findings: reimaged(register, store),
  };
}

/** Until it has moved something for the first time. */
function reimaged(register: Replica, store: SideFound): readonly Finding[] {
  const former = store.replicas.find(
    ({ registerId, isRetired }) => isRetired && fold(registerId) === fold(register.registerId),
  );
  if (former === undefined || store.pair?.current !== undefined) return [];
  return [
    {
      code: 'register-reimaged',
      message: `Register ${register.registerId} begins anew: its former offline database (${former.databaseName} on ${former.machine}) is given up. Sales that it had not uploaded are not here.`,
      hint: 'If the former database still exists, keep it, and have its sales compared with the store before it is removed.',
    },
  ];
}

const notSetUp = (side: 'store' | 'offline'): ExpectedError =>
  refused(
    'not-provisioned',
    `The ${side === 'store' ? 'store' : 'offline'} database is not set up for the synchronisation.`,
    'Run storedb apply on this register.',
  );

const refused = (code: string, message: string, hint: string): ExpectedError =>
  new ExpectedError({ code, exit: 'prerequisite', message, hint });
