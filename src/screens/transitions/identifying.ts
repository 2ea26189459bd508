import { problemsOf } from '../../core/answers/draft.ts';
import { type Draft, steps } from '../../core/steps/index.ts';
import { textOf } from '../../core/steps/step.ts';
import type { Identities, KnownRegister, StepAction } from '../state/step.ts';
import type { WizardState } from '../wizard.ts';
import { asking, settled, type Transition } from './transition.ts';

/** A register is identified by what its store database knows: that is asked once its connection is answered. */
export function beginIdentities(state: WizardState): Transition {
  const storeDatabase = steps.find(({ id }) => id === 'store-database');
  const isForStore = textOf(state.draft, 'task') === 'store-database';
  if (isForStore || storeDatabase === undefined || problemsOf(storeDatabase, state.draft).length > 0)
    return settled({ ...state, identities: undefined });
  const id = state.serial;
  return asking(
    { ...state, serial: id + 1, identities: { status: 'asking', id } },
    { kind: 'find-identities', id, draft: state.draft },
  );
}

export function takeIdentities(
  state: WizardState,
  { id, identities }: Extract<StepAction, { kind: 'identities-found' }>,
): Transition {
  if (!isExpected(state, id)) return settled(state);
  const draft = { ...state.draft, ...likely(state, identities) };
  const problems = state.problems.filter(({ key }) => textOf(draft, key) === '');
  return settled({
    ...state,
    draft,
    problems,
    heldKeys: [],
    identities: { status: 'found', ...identities },
  });
}

/** The IDs can be typed all the same: it is said and nothing more. */
export function takeIdentitiesFailure(
  state: WizardState,
  { id, failure }: Extract<StepAction, { kind: 'identities-unknown' }>,
): Transition {
  if (!isExpected(state, id)) return settled(state);
  const message = `The IDs of the store database could not be read: ${failure.message}`;
  return settled({ ...state, heldKeys: [], identities: undefined, message });
}

/** Whether keys have to wait: in practice the IDs are given by the store database, and it is being asked. */
export function mustWaitForIdentities(state: WizardState): boolean {
  return (
    state.practice !== undefined && state.page === 'identification' && state.identities?.status === 'asking'
  );
}

/** The register that is written in its field, when the store database knows it. */
export function registerOf(state: Pick<WizardState, 'draft' | 'identities'>): KnownRegister | undefined {
  const typed = textOf(state.draft, 'identification.registerId').toLowerCase();
  return state.identities?.status === 'found'
    ? state.identities.registers.find((each) => each.id.toLowerCase() === typed)
    : undefined;
}

/**
 * What stands in the empty fields: the only one there is. Which of several registers this computer is nobody can
 * guess; in practice it does not matter.
 */
function likely(state: WizardState, { stores, registers, companies }: Identities): Draft {
  const free = registers.filter(({ machine }) => machine === undefined);
  const one = <Value>(list: readonly Value[]): Value | undefined =>
    list.length === 1 || state.practice !== undefined ? list[0] : undefined;
  const found = {
    'identification.storeId': one(stores),
    'identification.registerId': one(free)?.id,
    'identification.dataAreaId': one(companies),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, value]) =>
      value === undefined || textOf(state.draft, key) !== '' ? [] : [[key, value]],
    ),
  );
}

function isExpected({ identities }: WizardState, id: number): boolean {
  return identities?.status === 'asking' && identities.id === id;
}
