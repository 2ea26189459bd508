import { carryOut } from './commands.ts';
import { isTyping } from './items.ts';
import { commandOf } from './keys.ts';
import { isTooSmall } from './layout.ts';
import type { KeyPress } from './terminal/key-parser.ts';
import { editWithKey } from './transitions/editing.ts';
import { mustWaitForIdentities } from './transitions/identifying.ts';
import { askToQuit } from './transitions/overlays.ts';
import { holdKey, mustWaitForPractice } from './transitions/practice.ts';
import { andThen, settled, type Transition } from './transitions/transition.ts';
import type { WizardState } from './wizard.ts';

/** What a key does: it is held back, goes into the text, or is a command. */
export function pressKey(state: WizardState, key: KeyPress): Transition {
  const fresh = { ...state, message: undefined };
  const command = commandOf(fresh, key);
  if (command === 'ask-to-quit') return askToQuit(fresh);
  if (isTooSmall(state.size)) return settled(state);
  if (state.overlay === undefined && (mustWaitForPractice(state) || mustWaitForIdentities(state)))
    return holdKey(state, key);
  // In a text field letters and arrows belong to the text, except for what has no meaning there.
  const edited = state.overlay === undefined && isTyping(fresh) ? editWithKey(fresh, key) : undefined;
  if (edited !== undefined) return edited;
  return command === undefined ? settled(state) : carryOut(fresh, command);
}

/** Keys in the order in which they were pressed. */
export function pressAll(state: WizardState, keys: readonly KeyPress[]): Transition {
  return keys.reduce((done, key) => andThen(done, (next) => pressKey(next, key)), settled(state));
}
