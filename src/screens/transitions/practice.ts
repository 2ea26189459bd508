import { stepOf } from '../page-order.ts';
import type { KeyPress } from '../terminal/key-parser.ts';
import { type Action, settled, type Transition, type WizardState } from '../wizard.ts';

/** Whether keys have to wait: the page is about a server, and the practice server is not there yet. */
export function mustWaitForPractice(state: WizardState): boolean {
  return state.practice?.status === 'starting' && stepOf(state)?.connection !== undefined;
}

export function holdKey(state: WizardState, key: KeyPress): Transition {
  return settled({ ...state, heldKeys: [...state.heldKeys, key] });
}

/** The practice server is there: it stands in the fields, and its password is known, so that Enter alone gets through. */
export function takePractice(
  state: WizardState,
  { server, user, password }: Extract<Action, { kind: 'practice-ready' }>,
): Transition {
  const signIn = (section: string) => ({
    [`${section}.server`]: server,
    [`${section}.auth.kind`]: 'sql',
    [`${section}.auth.user`]: user,
    [`${section}.auth.password`]: password,
  });
  const draft = { ...state.draft, ...signIn('storeDatabase'), ...signIn('offlineDatabase') };
  return settled({ ...state, draft, cursors: {}, practice: { status: 'ready' }, heldKeys: [] });
}
