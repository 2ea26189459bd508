import type { Binding } from './binding.ts';
import { scrollingKeys } from './shared-keys.ts';

/** The keys of what is only read: help, the T-SQL, a log. */
export const readingKeys: readonly Binding[] = [
  { command: 'close', keys: ['escape', 'enter', 'q'], label: 'Esc', words: 'close' },
  ...scrollingKeys,
];

/** The keys of a question that lies over the page: which answer to change, whether to leave. */
export const questionKeys: readonly Binding[] = [
  { command: 'take-choice', keys: ['enter', ' '], label: 'Enter', words: 'choose' },
  { command: 'close', keys: ['escape'], label: 'Esc', words: 'back' },
  { command: 'choose-next', keys: ['down', 'right', 'tab'], label: 'Up/Down', words: 'choose' },
  {
    command: 'choose-previous',
    keys: ['up', 'left', 'shift+tab'],
    label: 'Up/Down',
    words: 'choose',
    isQuiet: true,
  },
];
