import type { Binding } from './binding.ts';

/** Through a text: the arrows are the only way, and are shown. */
export const scrollingKeys: readonly Binding[] = scrolling({ isQuiet: false });

/** Through a list that mostly fits the screen. */
export const quietScrollingKeys: readonly Binding[] = scrolling({ isQuiet: true });

function scrolling({ isQuiet }: { readonly isQuiet: boolean }): readonly Binding[] {
  return [
    { command: 'scroll-down', keys: ['down'], label: 'Up/Down', words: 'scroll', isQuiet },
    { command: 'scroll-up', keys: ['up'], label: 'Up/Down', words: 'scroll', isQuiet: true },
    {
      command: 'page-down',
      keys: ['page-down', ' '],
      label: 'PgUp/PgDn',
      words: 'scroll by screens',
      isQuiet: true,
    },
    { command: 'page-up', keys: ['page-up'], label: 'PgUp/PgDn', words: 'scroll by screens', isQuiet: true },
  ];
}

export const helpKey: Binding = { command: 'open-help', keys: ['?', 'f1'], label: '?', words: 'help' };

/** On every screen, behind its own keys. */
export const keysEverywhere: readonly Binding[] = [
  {
    command: 'ask-to-quit',
    keys: ['ctrl+c'],
    label: 'Ctrl+C',
    words: (state) => (state.page === 'progress' ? 'stop safely' : 'quit'),
  },
  {
    command: 'redraw',
    keys: ['ctrl+r', 'ctrl+l'],
    label: 'Ctrl+R',
    words: 'draw the screen again',
    isQuiet: true,
  },
];
