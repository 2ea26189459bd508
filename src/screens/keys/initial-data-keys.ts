import type { WizardState } from '../wizard.ts';
import type { Binding } from './binding.ts';
import { scrollingKeys } from './shared-keys.ts';

/** The keys of the wait for the initial data. */
export const initialDataKeys: readonly Binding[] = [
  {
    command: 'go-on-with-data',
    keys: ['enter'],
    label: 'Enter',
    words: 'go on',
    isOpen: ({ arriving }) => arriving?.isComplete === true,
  },
  {
    command: 'load-pack',
    keys: ['enter', 'l'],
    label: 'Enter',
    words: 'load the pack',
    isOpen: (state) => loadablePacks(state) > 0,
  },
  {
    command: 'choose-next',
    keys: ['tab', 'right'],
    label: 'Tab',
    words: 'another pack',
    isOpen: (state) => loadablePacks(state) > 1,
  },
  {
    command: 'close',
    keys: ['escape'],
    label: 'Esc',
    words: 'leave',
    help: 'leave; what head office sends comes all the same',
  },
  ...scrollingKeys,
];

/** None while one is being loaded, or when nothing is missing any more. */
function loadablePacks({ arriving }: WizardState): number {
  if (arriving === undefined || arriving.loading !== undefined || arriving.isComplete) return 0;
  return arriving.packs.length;
}
