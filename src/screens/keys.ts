import type { StepId } from '../core/steps/index.ts';
import type { Binding, Command } from './keys/binding.ts';
import { initialDataKeys } from './keys/initial-data-keys.ts';
import { monitorKeys } from './keys/monitor-keys.ts';
import { questionKeys, readingKeys } from './keys/overlay-keys.ts';
import { progressKeys } from './keys/progress-keys.ts';
import { resultKeys } from './keys/result-keys.ts';
import { reviewKeys } from './keys/review-keys.ts';
import { keysEverywhere } from './keys/shared-keys.ts';
import { stepKeys } from './keys/step-keys.ts';
import { verificationKeys } from './keys/verification-keys.ts';
import { type MonitorScreen, monitorScreen } from './state/monitor.ts';
import type { Overlay } from './state/overlay.ts';
import type { KeyPress } from './terminal/key-parser.ts';
import type { Page, WizardState } from './wizard.ts';

/** The kinds of screen that have keys of their own; all pages of questions are one. */
type Screen = 'step' | Exclude<Page, StepId | 'monitor'> | Overlay['kind'] | MonitorScreen;

/** In the order of the key line; the first open binding of a key counts. A screen without keys does not compile. */
const keysOf: Readonly<Record<Screen, readonly Binding[]>> = {
  step: stepKeys,
  review: reviewKeys,
  progress: progressKeys,
  result: resultKeys,
  help: readingKeys,
  text: readingKeys,
  verification: verificationKeys,
  'initial-data': initialDataKeys,
  jump: questionKeys,
  quit: questionKeys,
  ...monitorKeys,
};

/** How a key is written in the tables: 'a', 'enter', 'shift+tab', 'ctrl+c'. */
export function keyId(key: KeyPress): string {
  if (key.kind === 'text' || key.kind === 'paste') return key.text.toLowerCase();
  if (key.kind === 'ctrl') return `ctrl+${key.letter}`;
  const held = [key.ctrl && 'ctrl', key.alt && 'alt', key.shift && 'shift'].filter(Boolean);
  return [...held, key.name].join('+');
}

/** The screen that takes the keys. */
function screenOf(state: WizardState): Screen {
  if (state.overlay !== undefined) return state.overlay.kind;
  if (state.page === 'monitor') return monitorScreen(state);
  if (state.page === 'review' || state.page === 'progress' || state.page === 'result') return state.page;
  return screenOfStep(state.page);
}

const screenOfStep = (_id: StepId): Screen => 'step';

/** The bindings that do something now. */
export function openBindings(state: WizardState): readonly Binding[] {
  return [...keysOf[screenOf(state)], ...keysEverywhere].filter(({ isOpen }) => isOpen?.(state) ?? true);
}

/** What the key does now; undefined when it does nothing. */
export function commandOf(state: WizardState, key: KeyPress): Command | undefined {
  const id = keyId(key);
  return openBindings(state).find((binding) => binding.keys.includes(id))?.command;
}

export function wordsOf(binding: Binding, state: WizardState): string {
  return typeof binding.words === 'string' ? binding.words : binding.words(state);
}
