import { samplePack } from '../../core/answers/paths.ts';
import type { Secret } from '../../core/secret.ts';
import type { Draft } from '../../core/steps/index.ts';
import { stepOf } from '../page-order.ts';
import type { StepAction } from '../state/step.ts';
import type { KeyPress } from '../terminal/key-parser.ts';
import type { WizardState } from '../wizard.ts';
import { settled, type Transition } from './transition.ts';

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
  { server, user, password }: Extract<StepAction, { kind: 'practice-ready' }>,
): Transition {
  const draft = { ...state.draft, ...practiceSignIn({ server, user, password }) };
  return settled({ ...state, draft, cursors: {}, practice: { status: 'ready' }, heldKeys: [] });
}

/** The answers that lead to a practice server, for every database, and fill the store's. Its certificate is made anew at each start. */
export function practiceSignIn(practice: {
  readonly server: string;
  readonly user: string;
  readonly password: Secret;
}): Draft {
  const signIn = (section: string): Draft => ({
    [`${section}.server`]: practice.server,
    [`${section}.auth.kind`]: 'sql',
    [`${section}.auth.user`]: practice.user,
    [`${section}.auth.password`]: practice.password,
  });
  return {
    ...signIn('storeDatabase'),
    ...signIn('offlineDatabase'),
    'options.encryption': 'trust',
    'options.initialData': samplePack,
  };
}
