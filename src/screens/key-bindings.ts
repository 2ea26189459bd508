import { focusedItem, isList, isTyping, itemsOf } from './items.ts';
import type { Binding, Screen } from './keys.ts';
import { monitorScreens } from './monitor.ts';
import { monitorBindings } from './monitor-bindings.ts';
import { pageBeside, stepOf } from './page-order.ts';
import { certificateOf } from './trust.ts';
import type { WizardState } from './wizard.ts';

const everywhere: readonly Screen[] = [
  'step',
  'review',
  'progress',
  'result',
  'help',
  'text',
  'verification',
  'initial-data',
  'jump',
  'quit',
  ...monitorScreens,
];
const isMade = (state: WizardState) => state.planning?.status === 'made';
const isEmpty = ({ planning }: WizardState) =>
  planning?.status === 'made' && planning.plan.actions.length === 0;
const hasPack = ({ arriving }: WizardState) =>
  arriving !== undefined &&
  arriving.packs.length > 0 &&
  arriving.loading === undefined &&
  !arriving.isComplete;
const hasPacks = (state: WizardState) => hasPack(state) && (state.arriving?.packs.length ?? 0) > 1;
const hasFailed = (state: WizardState) => state.planning?.status === 'failed';
const hasLists = (state: WizardState) => {
  const item = focusedItem(state);
  return item?.kind === 'field' && isList(item.field, state);
};
const hasRow = (state: WizardState) => {
  const item = focusedItem(state);
  const kind = item?.kind === 'field' ? item.field.kind : undefined;
  return (kind === 'choice' || kind === 'switch') && !hasLists(state);
};
const hasMany = (state: WizardState) => itemsOf(state).length > 1;
const isStoreDone = ({ end, draft }: WizardState) =>
  draft.task === 'store-database' && (end?.exit === 'done' || end?.exit === 'restartNeeded');
/** In practice Enter alone leads on: from the store database to a register, and from there to the proof of both. */
const leadsToRegister = (state: WizardState) => state.practice !== undefined && isStoreDone(state);
const leadsToProof = ({ practice, draft, end, isVerified }: WizardState) =>
  practice !== undefined && draft.task !== 'store-database' && end?.exit === 'done' && isVerified !== true;
const isRegisterDone = ({ end, draft }: WizardState) =>
  draft.task === 'offline-database' && (end?.exit === 'done' || end?.exit === 'restartNeeded');
const isRunFailed = (state: WizardState) => state.end !== undefined && state.end.exit !== 'done';

/**
 * Every key there is, in the order of the key line. The matcher, the key line and the help page all read this table;
 * the first open binding of a key counts.
 */
export const bindings: readonly Binding[] = [
  {
    command: 'go-on',
    keys: ['enter'],
    label: 'Enter',
    words: enterWords,
    on: ['step'],
    isOpen: (state) => state.probe?.isWorking !== true || focusedItem(state)?.kind !== 'test',
  },
  {
    command: 'start-run',
    keys: ['enter'],
    label: 'Enter',
    words: (state) => (isEmpty(state) ? 'finish' : 'start'),
    on: ['review'],
    isOpen: isMade,
  },
  {
    command: 'try-again',
    keys: ['enter', 'r'],
    label: 'Enter',
    words: 'try again',
    on: ['review'],
    isOpen: hasFailed,
  },
  {
    command: 'set-up-register',
    keys: ['enter', 'n'],
    label: 'Enter',
    words: 'set up a register',
    on: ['result'],
    isOpen: leadsToRegister,
  },
  {
    command: 'verify',
    keys: ['enter', 'v'],
    label: 'Enter',
    words: 'verify',
    on: ['result'],
    isOpen: leadsToProof,
  },
  { command: 'finish', keys: ['enter'], label: 'Enter', words: 'finish', on: ['result'] },
  {
    command: 'finish',
    keys: ['escape', 'f'],
    label: 'F',
    words: 'finish',
    on: ['result'],
    isOpen: (state) => leadsToRegister(state) || leadsToProof(state),
  },
  { command: 'take-choice', keys: ['enter', ' '], label: 'Enter', words: 'choose', on: ['jump', 'quit'] },
  { command: 'close', keys: ['escape', 'enter', 'q'], label: 'Esc', words: 'close', on: ['help', 'text'] },
  { command: 'close', keys: ['escape'], label: 'Esc', words: 'back', on: ['jump', 'quit'] },
  {
    command: 'finish',
    keys: ['enter'],
    label: 'Enter',
    words: 'finish',
    on: ['verification'],
    isOpen: ({ purpose, verification }) => purpose === 'check' && verification?.verdict !== undefined,
  },
  {
    command: 'close',
    keys: ['escape', 'enter'],
    label: 'Esc',
    words: 'close',
    on: ['verification'],
  },
  {
    command: 'verify',
    keys: ['r'],
    label: 'R',
    words: 'again',
    on: ['verification'],
    isOpen: ({ verification }) => verification?.verdict !== undefined || verification?.failure !== undefined,
  },
  {
    command: 'go-on-with-data',
    keys: ['enter'],
    label: 'Enter',
    words: 'go on',
    on: ['initial-data'],
    isOpen: ({ arriving }) => arriving?.isComplete === true,
  },
  {
    command: 'load-pack',
    keys: ['enter', 'l'],
    label: 'Enter',
    words: 'load the pack',
    on: ['initial-data'],
    isOpen: hasPack,
  },
  {
    command: 'choose-next',
    keys: ['tab', 'right'],
    label: 'Tab',
    words: 'another pack',
    on: ['initial-data'],
    isOpen: hasPacks,
  },
  {
    command: 'close',
    keys: ['escape'],
    label: 'Esc',
    words: 'leave',
    help: 'leave; what head office sends comes all the same',
    on: ['initial-data'],
  },
  {
    command: 'wait-for-data',
    keys: ['d'],
    label: 'D',
    words: 'initial data',
    help: 'see which data has come, load a pack, or wait for head office',
    on: ['review'],
    isOpen: ({ planning }) => planning?.status === 'failed' && planning.failure.needsData === true,
  },
  {
    command: 'show-sql',
    keys: ['s'],
    label: 'S',
    words: 'T-SQL',
    help: 'show the T-SQL, statement by statement',
    on: ['review'],
    isOpen: isMade,
  },
  {
    command: 'change-answer',
    keys: ['e'],
    label: 'E',
    words: 'change',
    help: 'go back to the page of an answer and change it',
    on: ['review'],
  },
  {
    command: 'write-answers',
    keys: ['w'],
    label: 'W',
    words: 'write answers file',
    help: 'write the answers into a file, without passwords',
    on: ['review'],
  },
  {
    command: 'watch',
    keys: ['m'],
    label: 'M',
    words: 'watch',
    help: 'watch the synchronisation of this register',
    on: ['result'],
    isOpen: isRegisterDone,
  },
  ...monitorBindings,
  {
    command: 'read-log',
    keys: ['l'],
    label: 'L',
    words: 'read the log',
    help: 'read the log of this run',
    on: ['result'],
    isOpen: (state) => state.end !== undefined && state.end.log !== '',
  },
  { command: 'try-again', keys: ['r'], label: 'R', words: 'try again', on: ['result'], isOpen: isRunFailed },
  {
    command: 'go-back',
    keys: ['escape'],
    label: 'Esc',
    words: 'back',
    on: ['step', 'review'],
    isOpen: (state) => pageBeside(state, -1) !== undefined,
  },
  {
    command: 'set-up-register',
    keys: ['n'],
    label: 'N',
    words: 'set up a register',
    help: 'go on with the offline database of a register of this store',
    on: ['result'],
    isOpen: (state) => isStoreDone(state) && !leadsToRegister(state),
  },
  {
    command: 'verify',
    keys: ['v'],
    label: 'V',
    words: 'verify',
    help: 'look whether the set-up works; changes nothing',
    on: ['review', 'result'],
    isOpen: (state) => (state.page === 'result' ? !leadsToProof(state) : state.planning?.status !== 'making'),
  },
  {
    command: 'check-existing',
    keys: ['v'],
    label: 'V',
    words: 'check',
    help: 'check what is there already, from the same answers; changes nothing',
    on: ['step'],
    isOpen: (state) => state.page === 'task',
  },
  {
    command: 'read-profile',
    keys: ['p'],
    label: 'P',
    words: 'profile',
    help: 'show the tables of the offline profile, and which way they travel',
    on: ['step'],
    isOpen: (state) =>
      state.page === 'options' && state.draft.task === 'offline-database' && !isTyping(state),
  },
  {
    command: 'trust-certificate',
    keys: ['t'],
    label: 'T',
    words: 'trust',
    help: 'trust the certificate of the server from now on',
    on: ['step', 'review'],
    isOpen: (state) => certificateOf(state) !== undefined && !isTyping(state),
  },
  {
    command: 'test-connection',
    keys: ['r'],
    label: 'R',
    words: 'test again',
    help: 'test the connection again',
    on: ['step'],
    isOpen: (state) => state.probe !== undefined && !state.probe.isWorking && !isTyping(state),
  },
  {
    command: 'continue-saved',
    keys: ['c'],
    label: 'C',
    words: 'continue',
    help: 'continue with the answers that were kept',
    on: ['step'],
    isOpen: (state) => state.saved !== undefined && state.page === 'task',
  },
  {
    command: 'choose-next',
    keys: ['down', ' '],
    label: 'Up/Down',
    words: 'move',
    on: ['step'],
    isOpen: hasLists,
  },
  {
    command: 'choose-previous',
    keys: ['up'],
    label: 'Up/Down',
    words: 'move',
    on: ['step'],
    isOpen: hasLists,
    isQuiet: true,
  },
  {
    command: 'choose-next',
    keys: ['right', ' '],
    label: 'Left/Right',
    words: 'choose',
    on: ['step'],
    isOpen: hasRow,
  },
  {
    command: 'choose-previous',
    keys: ['left'],
    label: 'Left/Right',
    words: 'choose',
    on: ['step'],
    isOpen: hasRow,
    isQuiet: true,
  },
  {
    command: 'choose-next',
    keys: ['down', 'right', 'tab'],
    label: 'Up/Down',
    words: 'choose',
    on: ['jump', 'quit'],
  },
  {
    command: 'choose-previous',
    keys: ['up', 'left', 'shift+tab'],
    label: 'Up/Down',
    words: 'choose',
    on: ['jump', 'quit'],
    isQuiet: true,
  },
  {
    command: 'focus-next',
    keys: ['tab', 'down'],
    label: 'Tab',
    words: 'next',
    on: ['step'],
    isOpen: hasMany,
  },
  {
    command: 'focus-previous',
    keys: ['shift+tab', 'up'],
    label: 'Shift+Tab',
    words: 'the field before',
    on: ['step'],
    isOpen: hasMany,
    isQuiet: true,
  },
  {
    command: 'go-on',
    keys: [' '],
    label: 'Space',
    words: 'press the button',
    on: ['step'],
    isOpen: (state) => ['test', 'suggestion'].includes(focusedItem(state)?.kind ?? ''),
    isQuiet: true,
  },
  {
    command: 'scroll-down',
    keys: ['down'],
    label: 'Up/Down',
    words: 'scroll',
    on: ['help', 'text', 'verification', 'initial-data', 'parked-row'],
  },
  {
    command: 'scroll-down',
    keys: ['down'],
    label: 'Up/Down',
    words: 'scroll',
    on: ['review', 'progress', 'result'],
    isQuiet: true,
  },
  {
    command: 'scroll-up',
    keys: ['up'],
    label: 'Up/Down',
    words: 'scroll',
    on: ['help', 'text', 'verification', 'initial-data', 'parked-row', 'review', 'progress', 'result'],
    isQuiet: true,
  },
  {
    command: 'page-down',
    keys: ['page-down', ' '],
    label: 'PgUp/PgDn',
    words: 'scroll by screens',
    on: ['help', 'text', 'verification', 'initial-data', 'parked-row', 'review', 'progress', 'result'],
    isQuiet: true,
  },
  {
    command: 'page-up',
    keys: ['page-up'],
    label: 'PgUp/PgDn',
    words: 'scroll by screens',
    on: ['help', 'text', 'verification', 'initial-data', 'parked-row', 'review', 'progress', 'result'],
    isQuiet: true,
  },
  {
    command: 'open-help',
    keys: ['?', 'f1'],
    label: '?',
    words: 'help',
    on: ['review', 'progress', 'result', ...monitorScreens],
  },
  {
    command: 'open-help',
    keys: ['?', 'f1'],
    label: '?',
    words: 'help',
    on: ['step'],
    isOpen: (state) => !isTyping(state),
  },
  {
    command: 'open-help',
    keys: ['f1', 'ctrl+g'],
    label: 'F1',
    words: 'help',
    on: ['step'],
    isOpen: isTyping,
  },
  {
    command: 'ask-to-quit',
    keys: ['ctrl+c'],
    label: 'Ctrl+C',
    words: (state) => (state.page === 'progress' ? 'stop safely' : 'quit'),
    on: everywhere,
  },
  {
    command: 'redraw',
    keys: ['ctrl+r', 'ctrl+l'],
    label: 'Ctrl+R',
    words: 'draw the screen again',
    on: everywhere,
    isQuiet: true,
  },
];

function enterWords(state: WizardState): string {
  const item = focusedItem(state);
  if (item?.kind === 'test' && state.probe === undefined) return 'test';
  if (item?.kind === 'suggestion') return item.field.kind === 'server' ? 'take this server' : 'take it';
  return stepOf(state)?.id === 'task' ? 'choose' : 'go on';
}
