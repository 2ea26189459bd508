import type { Binding } from './binding.ts';
import { scrollingKeys } from './shared-keys.ts';

/** The keys of the look at a set-up. */
export const verificationKeys: readonly Binding[] = [
  {
    command: 'finish',
    keys: ['enter'],
    label: 'Enter',
    words: 'finish',
    isOpen: ({ purpose, verification }) => purpose === 'check' && verification?.verdict !== undefined,
  },
  { command: 'close', keys: ['escape', 'enter'], label: 'Esc', words: 'close' },
  {
    command: 'verify',
    keys: ['r'],
    label: 'R',
    words: 'again',
    isOpen: ({ verification }) => verification?.verdict !== undefined || verification?.failure !== undefined,
  },
  ...scrollingKeys,
];
