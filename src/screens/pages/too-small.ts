import { smallest } from '../layout.ts';
import type { WizardState } from '../wizard.ts';

/** Instead of a page that would be cut somewhere; Ctrl+C alone works there, and what it does next is said. */
export function tooSmallWords(state: WizardState): string {
  const { columns, rows } = smallest;
  return `Please make this window larger: at least ${columns} columns and ${rows} rows. ${ctrlC(state)}`;
}

function ctrlC({ page, run, overlay }: WizardState): string {
  if (run?.isStopping === true && page === 'progress')
    return 'Stopping at the next safe place. Ctrl+C again ends at once.';
  const again = overlay?.kind === 'quit' ? ' again' : '';
  return page === 'progress' ? `The work goes on. Ctrl+C${again} stops safely.` : `Ctrl+C${again} quits.`;
}
