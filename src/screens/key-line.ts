import { openBindings, wordsOf } from './keys.ts';
import { widthOf } from './text-width.ts';
import type { WizardState } from './wizard.ts';

export type KeyHint = { readonly label: string; readonly words: string };

/** Columns between two keys. */
export const keyGap = 3;

/** The keys that work now, as many as fit; help and the way out are the last to go. */
export function keyHints(state: WizardState, width: number): readonly KeyHint[] {
  const shown = openBindings(state)
    .filter((binding) => binding.isQuiet !== true)
    .map((binding) => ({
      label: binding.label,
      words: wordsOf(binding, state),
      isKept: binding.command === 'open-help' || binding.command === 'go-on',
    }))
    .filter((hint, index, all) => all.findIndex((other) => other.label === hint.label) === index);
  let room = width + keyGap;
  const needed = (hint: KeyHint) => widthOf(`${hint.label} ${hint.words}`) + keyGap;
  for (const hint of shown) if (hint.isKept) room -= needed(hint);
  return shown.filter((hint) => {
    if (hint.isKept) return true;
    if (needed(hint) > room) return false;
    room -= needed(hint);
    return true;
  });
}
