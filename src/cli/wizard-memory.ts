import type { Draft, StepId } from '../core/steps/index.ts';
import type { SavedAnswers } from '../screens/index.ts';
import type { Memory, SavedDraft } from './memory.ts';

/** What is remembered of an unfinished wizard. Passwords are left out: a typed one is no text. */
export function savedDraft({ step, draft }: { readonly step: StepId; readonly draft: Draft }): SavedDraft {
  return { savedAt: new Date().toISOString(), step, values: valuesOf(draft) };
}

/** The answers that may be written down: all but the passwords. */
export function valuesOf(draft: Draft): SavedDraft['values'] {
  const values = Object.entries(draft).filter(
    (entry): entry is [string, string | boolean] => typeof entry[1] !== 'object',
  );
  return Object.fromEntries(values);
}

/** The answers of the wizard that was left or cut off; undefined when there are none. */
export function savedAnswers(memory: Memory): SavedAnswers | undefined {
  const saved = memory.draft.find();
  if (saved === undefined) return undefined;
  const savedAt = new Date(saved.savedAt);
  // A step of another version leads to the first page: see where it is taken up.
  const step = saved.step as StepId;
  return Number.isNaN(savedAt.getTime()) ? undefined : { savedAt, step, values: saved.values };
}
