import { fold } from '../../plan/detect/ask.ts';
import type { Action, DatabaseTarget, Finding } from '../../plan/plan.ts';
import { refusal } from '../../plan/refusal.ts';
import type { Operator } from '../../plan/setup.ts';
import type { RegisterIds } from '../identification/match.ts';
import { type Replica, selfOf } from './replica.ts';

type SideReplicas = { readonly replicas: readonly Replica[]; readonly target: DatabaseTarget };

/**
 * Makes both databases known to each other; nothing when they are. Throws when the register belongs to another
 * computer (unless this one replaces it) or the offline database to another register.
 */
export function replicaActions(found: {
  readonly ids: RegisterIds;
  readonly operator: Operator;
  readonly isReplacing: boolean;
  readonly store: SideReplicas;
  readonly offline: SideReplicas;
}): { readonly actions: readonly Action[]; readonly warnings: readonly Finding[] } {
  const { ids, operator, store, offline } = found;
  const self = selfOf(offline.replicas);
  refuseOtherRegister(ids, self, offline.target);
  const former = store.replicas.find(
    (each) =>
      each.kind === 'offline' &&
      !each.isRetired &&
      fold(each.registerId) === fold(ids.registerId) &&
      each.replicaId !== self?.replicaId,
  );
  if (former !== undefined && !found.isReplacing && fold(former.machine) !== fold(operator.host))
    throw refusal(
      'register-elsewhere',
      `Register ${ids.registerId} was set up on the computer ${former.machine} on ${former.createdUtc.toISOString().slice(0, 10)}.`,
      `Choose another register ID; or, if this computer (${operator.host}) takes its place, set options.replaceRegister: true.`,
      { machine: former.machine },
    );
  if (former === undefined && isKnown(found, self)) return { actions: [], warnings: [] };
  return {
    actions: [
      {
        id: 'replicas',
        kind: 'operation',
        title: `Make register ${ids.registerId} and the store database known to each other`,
        risk: 'changes',
        need: 'necessary',
        target: offline.target,
        operation: {
          kind: 'register-replicas',
          ids,
          storeDatabase: store.target.database,
          offlineDatabase: offline.target.database,
        },
        describes: [
          `Gives ${offline.target.database} an identity of its own in storedb.Replica, where it has none.`,
          `Enters register ${ids.registerId} in storedb.Replica of ${store.target.database}.`,
        ],
      },
    ],
    warnings: former === undefined ? [] : [replaced(former)],
  };
}

function isKnown(
  { store, offline }: { readonly store: SideReplicas; readonly offline: SideReplicas },
  self: Replica | undefined,
): boolean {
  const storeSelf = selfOf(store.replicas);
  return (
    self !== undefined &&
    storeSelf !== undefined &&
    store.replicas.some((each) => each.replicaId === self.replicaId && !each.isRetired) &&
    offline.replicas.some((each) => each.replicaId === storeSelf.replicaId && !each.isRetired)
  );
}

function refuseOtherRegister(ids: RegisterIds, self: Replica | undefined, target: DatabaseTarget): void {
  if (self === undefined || fold(self.registerId) === fold(ids.registerId)) return;
  throw refusal(
    'database-of-other-register',
    `The database ${target.database} belongs to register ${self.registerId}, not to ${ids.registerId}.`,
    'Check identification.registerId, or choose another name for the offline database.',
    { registerId: self.registerId },
  );
}

const replaced = (former: Replica): Finding => ({
  code: 'register-replaced',
  message: `Register ${former.registerId} had another offline database (${former.databaseName} on ${former.machine}); this one takes its place.`,
  hint: 'What the former one had not uploaded is not here: if it still exists, let it synchronise once before it is put away.',
});
