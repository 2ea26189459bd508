import type { WizardState } from '../wizard.ts';
import type { Binding } from './binding.ts';
import { helpKey, quietScrollingKeys } from './shared-keys.ts';

/** The keys of the last page, and of what can follow it. */
export const resultKeys: readonly Binding[] = [
  {
    command: 'set-up-register',
    keys: ['enter', 'n'],
    label: 'Enter',
    words: 'set up a register',
    isOpen: leadsToRegister,
  },
  { command: 'verify', keys: ['enter', 'v'], label: 'Enter', words: 'verify', isOpen: leadsToProof },
  { command: 'finish', keys: ['enter'], label: 'Enter', words: 'finish' },
  {
    command: 'finish',
    keys: ['escape', 'f'],
    label: 'F',
    words: 'finish',
    isOpen: (state) => leadsToRegister(state) || leadsToProof(state),
  },
  {
    command: 'watch',
    keys: ['m'],
    label: 'M',
    words: 'watch',
    help: 'watch the synchronisation of this register',
    isOpen: (state) => state.draft.task === 'offline-database' && hasWorked(state),
  },
  {
    command: 'read-log',
    keys: ['l'],
    label: 'L',
    words: 'read the log',
    help: 'read the log of this run',
    isOpen: ({ end }) => end !== undefined && end.log !== '',
  },
  {
    command: 'try-again',
    keys: ['r'],
    label: 'R',
    words: 'try again',
    isOpen: ({ end }) => end !== undefined && end.exit !== 'done',
  },
  {
    command: 'set-up-register',
    keys: ['n'],
    label: 'N',
    words: 'set up a register',
    help: 'go on with the offline database of a register of this store',
    isOpen: (state) => isStoreDone(state) && !leadsToRegister(state),
  },
  {
    command: 'verify',
    keys: ['v'],
    label: 'V',
    words: 'verify',
    help: 'look whether the set-up works; changes nothing',
    isOpen: (state) => !leadsToProof(state),
  },
  ...quietScrollingKeys,
  helpKey,
];

function hasWorked({ end }: WizardState): boolean {
  return end?.exit === 'done' || end?.exit === 'restartNeeded';
}

function isStoreDone(state: WizardState): boolean {
  return state.draft.task === 'store-database' && hasWorked(state);
}

/** In practice Enter alone leads on: from the store database to a register, and from there to the proof of both. */
function leadsToRegister(state: WizardState): boolean {
  return state.practice !== undefined && isStoreDone(state);
}

function leadsToProof({ practice, draft, end, isVerified }: WizardState): boolean {
  return (
    practice !== undefined && draft.task !== 'store-database' && end?.exit === 'done' && isVerified !== true
  );
}
