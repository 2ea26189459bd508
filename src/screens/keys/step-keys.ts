import { focusedItem, isList, isTyping, itemsOf } from '../items.ts';
import { pageBeside, stepOf } from '../page-order.ts';
import { certificateOf } from '../trust.ts';
import type { WizardState } from '../wizard.ts';
import type { Binding } from './binding.ts';
import { helpKey } from './shared-keys.ts';

/** The keys of a page of questions. */
export const stepKeys: readonly Binding[] = [
  {
    command: 'go-on',
    keys: ['enter'],
    label: 'Enter',
    words: enterWords,
    isOpen: (state) => state.probe?.isWorking !== true || focusedItem(state)?.kind !== 'test',
  },
  {
    command: 'go-back',
    keys: ['escape'],
    label: 'Esc',
    words: 'back',
    isOpen: (state) => pageBeside(state, -1) !== undefined,
  },
  {
    command: 'check-existing',
    keys: ['v'],
    label: 'V',
    words: 'check',
    help: 'check what is there already, from the same answers; changes nothing',
    isOpen: (state) => state.page === 'task',
  },
  {
    command: 'read-profile',
    keys: ['p'],
    label: 'P',
    words: 'profile',
    help: 'show the tables of the offline profile, and which way they travel',
    isOpen: (state) =>
      state.page === 'options' && state.draft.task === 'offline-database' && !isTyping(state),
  },
  {
    command: 'trust-certificate',
    keys: ['t'],
    label: 'T',
    words: 'trust',
    help: 'trust the certificate of the server from now on',
    isOpen: (state) => certificateOf(state) !== undefined && !isTyping(state),
  },
  {
    command: 'test-connection',
    keys: ['r'],
    label: 'R',
    words: 'test again',
    help: 'test the connection again',
    isOpen: (state) => state.probe !== undefined && !state.probe.isWorking && !isTyping(state),
  },
  {
    command: 'continue-saved',
    keys: ['c'],
    label: 'C',
    words: 'continue',
    help: 'continue with the answers that were kept',
    isOpen: (state) => state.saved !== undefined && state.page === 'task',
  },
  { command: 'choose-next', keys: ['down', ' '], label: 'Up/Down', words: 'move', isOpen: hasList },
  {
    command: 'choose-previous',
    keys: ['up'],
    label: 'Up/Down',
    words: 'move',
    isOpen: hasList,
    isQuiet: true,
  },
  { command: 'choose-next', keys: ['right', ' '], label: 'Left/Right', words: 'choose', isOpen: hasRow },
  {
    command: 'choose-previous',
    keys: ['left'],
    label: 'Left/Right',
    words: 'choose',
    isOpen: hasRow,
    isQuiet: true,
  },
  { command: 'focus-next', keys: ['tab', 'down'], label: 'Tab', words: 'next', isOpen: hasMany },
  {
    command: 'focus-previous',
    keys: ['shift+tab', 'up'],
    label: 'Shift+Tab',
    words: 'the field before',
    isOpen: hasMany,
    isQuiet: true,
  },
  {
    command: 'go-on',
    keys: [' '],
    label: 'Space',
    words: 'press the button',
    isOpen: (state) => ['test', 'suggestion'].includes(focusedItem(state)?.kind ?? ''),
    isQuiet: true,
  },
  { ...helpKey, isOpen: (state) => !isTyping(state) },
  { command: 'open-help', keys: ['f1', 'ctrl+g'], label: 'F1', words: 'help', isOpen: isTyping },
];

function enterWords(state: WizardState): string {
  const item = focusedItem(state);
  if (item?.kind === 'test' && state.probe === undefined) return 'test';
  if (item?.kind === 'suggestion') return item.field.kind === 'server' ? 'take this server' : 'take it';
  return stepOf(state)?.id === 'task' ? 'choose' : 'go on';
}

/** A choice that is drawn as a list. */
function hasList(state: WizardState): boolean {
  const item = focusedItem(state);
  return item?.kind === 'field' && isList(item.field, state);
}

/** A choice or a switch that is drawn as a row. */
function hasRow(state: WizardState): boolean {
  const item = focusedItem(state);
  const kind = item?.kind === 'field' ? item.field.kind : undefined;
  return (kind === 'choice' || kind === 'switch') && !hasList(state);
}

function hasMany(state: WizardState): boolean {
  return itemsOf(state).length > 1;
}
