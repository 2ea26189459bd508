import { chosenParked, type MonitorScreen } from '../state/monitor.ts';
import type { Binding } from './binding.ts';
import { helpKey, scrollingKeys } from './shared-keys.ts';

const leaving: readonly Binding[] = [
  { command: 'leave-screen', keys: ['escape'], label: 'Esc', words: 'back' },
];

/** What can be done with the parked row that has the attention. */
const settlingKeys: readonly Binding[] = [
  {
    command: 'retry-parked',
    keys: ['t'],
    label: 'T',
    words: 'try again',
    help: 'have the next run try the row again',
    isOpen: (state) => chosenParked(state) !== undefined,
  },
  {
    command: 'ask-to-accept',
    keys: ['a'],
    label: 'A',
    words: 'accept',
    help: 'accept what the database has, and give the parked version up; asks first',
    isOpen: (state) => chosenParked(state) !== undefined,
  },
];

/** Through the scopes, the parked rows or the answers to a question. */
const choosingKeys = (words: string): readonly Binding[] => [
  { command: 'choose-next', keys: ['down', 'tab'], label: 'Up/Down', words },
  {
    command: 'choose-previous',
    keys: ['up', 'shift+tab'],
    label: 'Up/Down',
    words: 'the one before',
    isQuiet: true,
  },
];

/** The keys of the monitor's screens. */
export const monitorKeys: Readonly<Record<MonitorScreen, readonly Binding[]>> = {
  monitor: [
    {
      command: 'open-parked',
      keys: ['p'],
      label: 'P',
      words: 'parked rows',
      help: 'show the rows that could not be applied',
      isOpen: ({ monitor }) => monitor?.status !== undefined,
    },
    ...choosingKeys('scope'),
    {
      command: 'finish',
      keys: ['escape'],
      label: 'Esc',
      words: 'leave',
      isOpen: ({ purpose }) => purpose === 'watch',
    },
    ...leaving,
    helpKey,
  ],
  parked: [
    {
      command: 'show-parked',
      keys: ['enter'],
      label: 'Enter',
      words: 'show',
      help: 'show what is parked beside what both databases hold now',
      isOpen: (state) => chosenParked(state) !== undefined,
    },
    ...settlingKeys,
    ...choosingKeys('choose'),
    ...leaving,
    helpKey,
  ],
  'parked-row': [...settlingKeys, ...leaving, ...scrollingKeys, helpKey],
  accept: [
    { command: 'take-choice', keys: ['enter', ' '], label: 'Enter', words: 'choose' },
    ...choosingKeys('choose'),
    ...leaving,
    helpKey,
  ],
};
