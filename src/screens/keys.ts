import { bindings } from './key-bindings.ts';
import { type MonitorScreen, monitorScreen } from './monitor.ts';
import type { KeyPress } from './terminal/key-parser.ts';
import type { WizardState } from './wizard.ts';

/** What a key makes the wizard do. */
export type Command =
  | 'go-on'
  | 'go-back'
  | 'choose-next'
  | 'choose-previous'
  | 'focus-next'
  | 'focus-previous'
  | 'test-connection'
  | 'trust-certificate'
  | 'continue-saved'
  | 'start-run'
  | 'try-again'
  | 'show-sql'
  | 'change-answer'
  | 'write-answers'
  | 'read-log'
  | 'check-existing'
  | 'read-profile'
  | 'verify'
  | 'wait-for-data'
  | 'load-pack'
  | 'go-on-with-data'
  | 'set-up-register'
  | 'finish'
  | 'watch'
  | 'open-parked'
  | 'show-parked'
  | 'retry-parked'
  | 'ask-to-accept'
  | 'leave-screen'
  | 'scroll-up'
  | 'scroll-down'
  | 'page-up'
  | 'page-down'
  | 'close'
  | 'take-choice'
  | 'open-help'
  | 'redraw'
  | 'ask-to-quit';

/** The kinds of screen that have keys of their own. */
export type Screen =
  | 'step'
  | 'review'
  | 'progress'
  | 'result'
  | 'help'
  | 'text'
  | 'verification'
  | 'initial-data'
  | 'jump'
  | 'quit'
  | MonitorScreen;

export type Binding = {
  readonly command: Command;
  /** As `keyId` writes them. */
  readonly keys: readonly string[];
  /** As it stands on the key: "Esc". */
  readonly label: string;
  readonly words: string | ((state: WizardState) => string);
  /** More words, for the help page. */
  readonly help?: string;
  readonly on: readonly Screen[];
  /** Whether it does anything now. */
  readonly isOpen?: (state: WizardState) => boolean;
  /** Only the help page tells of it. */
  readonly isQuiet?: boolean;
};

/** How a key is written in the table: 'a', 'enter', 'shift+tab', 'ctrl+c'. */
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
  return 'step';
}

/** The bindings that do something now. */
export function openBindings(state: WizardState): readonly Binding[] {
  const screen = screenOf(state);
  return bindings.filter((binding) => binding.on.includes(screen) && (binding.isOpen?.(state) ?? true));
}

/** What the key does now; undefined when it does nothing. */
export function commandOf(state: WizardState, key: KeyPress): Command | undefined {
  const id = keyId(key);
  return openBindings(state).find((binding) => binding.keys.includes(id))?.command;
}

export function wordsOf(binding: Binding, state: WizardState): string {
  return typeof binding.words === 'string' ? binding.words : binding.words(state);
}
