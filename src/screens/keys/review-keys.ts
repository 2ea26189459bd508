import { pageBeside } from '../page-order.ts';
import { certificateOf } from '../trust.ts';
import type { WizardState } from '../wizard.ts';
import type { Binding } from './binding.ts';
import { helpKey, quietScrollingKeys } from './shared-keys.ts';

/** The keys of the review: of the plan, or of what kept it from being made. */
export const reviewKeys: readonly Binding[] = [
  {
    command: 'start-run',
    keys: ['enter'],
    label: 'Enter',
    words: (state) => (isEmpty(state) ? 'finish' : 'start'),
    isOpen: isMade,
  },
  {
    command: 'try-again',
    keys: ['enter', 'r'],
    label: 'Enter',
    words: 'try again',
    isOpen: ({ planning }) => planning?.status === 'failed',
  },
  {
    command: 'trust-certificate',
    keys: ['t'],
    label: 'T',
    words: 'trust',
    help: 'trust the certificate of the server from now on',
    isOpen: (state) => certificateOf(state) !== undefined,
  },
  {
    command: 'wait-for-data',
    keys: ['d'],
    label: 'D',
    words: 'initial data',
    help: 'see which data has come, load a pack, or wait for head office',
    isOpen: ({ planning }) => planning?.status === 'failed' && planning.failure.needsData === true,
  },
  {
    command: 'show-sql',
    keys: ['s'],
    label: 'S',
    words: 'T-SQL',
    help: 'show the T-SQL, statement by statement',
    isOpen: isMade,
  },
  {
    command: 'change-answer',
    keys: ['e'],
    label: 'E',
    words: 'change',
    help: 'go back to the page of an answer and change it',
  },
  {
    command: 'write-answers',
    keys: ['w'],
    label: 'W',
    words: 'write answers file',
    help: 'write the answers into a file, without passwords',
  },
  {
    command: 'go-back',
    keys: ['escape'],
    label: 'Esc',
    words: 'back',
    isOpen: (state) => pageBeside(state, -1) !== undefined,
  },
  {
    command: 'verify',
    keys: ['v'],
    label: 'V',
    words: 'verify',
    help: 'look whether the set-up works; changes nothing',
    isOpen: ({ planning }) => planning?.status !== 'making',
  },
  ...quietScrollingKeys,
  helpKey,
];

function isMade({ planning }: WizardState): boolean {
  return planning?.status === 'made';
}

function isEmpty({ planning }: WizardState): boolean {
  return planning?.status === 'made' && planning.plan.actions.length === 0;
}
