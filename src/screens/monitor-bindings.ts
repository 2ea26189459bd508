import type { Binding } from './keys.ts';
import { chosenParked, monitorScreens } from './monitor.ts';
import type { WizardState } from './wizard.ts';

const hasParked = (state: WizardState) => chosenParked(state) !== undefined;

/** The keys of the monitor's screens, beside those that every screen has. */
export const monitorBindings: readonly Binding[] = [
  {
    command: 'open-parked',
    keys: ['p'],
    label: 'P',
    words: 'parked rows',
    help: 'show the rows that could not be applied',
    on: ['monitor'],
    isOpen: ({ monitor }) => monitor?.status !== undefined,
  },
  {
    command: 'show-parked',
    keys: ['enter'],
    label: 'Enter',
    words: 'show',
    help: 'show what is parked beside what both databases hold now',
    on: ['parked'],
    isOpen: hasParked,
  },
  {
    command: 'retry-parked',
    keys: ['t'],
    label: 'T',
    words: 'try again',
    help: 'have the next run try the row again',
    on: ['parked', 'parked-row'],
    isOpen: hasParked,
  },
  {
    command: 'ask-to-accept',
    keys: ['a'],
    label: 'A',
    words: 'accept',
    help: 'accept what the database has, and give the parked version up; asks first',
    on: ['parked', 'parked-row'],
    isOpen: hasParked,
  },
  {
    command: 'take-choice',
    keys: ['enter', ' '],
    label: 'Enter',
    words: 'choose',
    on: ['accept'],
  },
  {
    command: 'choose-next',
    keys: ['down', 'tab'],
    label: 'Up/Down',
    words: 'scope',
    on: ['monitor'],
  },
  {
    command: 'choose-next',
    keys: ['down', 'tab'],
    label: 'Up/Down',
    words: 'choose',
    on: ['parked', 'accept'],
  },
  {
    command: 'choose-previous',
    keys: ['up', 'shift+tab'],
    label: 'Up/Down',
    words: 'the one before',
    on: ['monitor', 'parked', 'accept'],
    isQuiet: true,
  },
  {
    command: 'finish',
    keys: ['escape'],
    label: 'Esc',
    words: 'leave',
    on: ['monitor'],
    isOpen: ({ purpose }) => purpose === 'watch',
  },
  {
    command: 'leave-screen',
    keys: ['escape'],
    label: 'Esc',
    words: 'back',
    on: monitorScreens,
  },
];
