import { relevantFields } from '../core/answers/draft.ts';
import type { Field } from '../core/steps/index.ts';
import { stepOf } from './page-order.ts';
import type { Focus } from './state/step.ts';
import { suggestionsFor } from './suggestions.ts';
import type { WizardState } from './wizard.ts';

/** Something on a page of questions that can have the attention. */
export type Item =
  | { readonly kind: 'field'; readonly focus: Focus; readonly field: Field }
  /** A server or an ID that was found, to be taken instead of typing it. */
  | {
      readonly kind: 'suggestion';
      readonly focus: Focus;
      readonly field: Field;
      readonly value: string;
      readonly note: string;
    }
  | { readonly kind: 'test'; readonly focus: Focus };

export const testFocus: Focus = 'test-connection';

type PageState = Pick<WizardState, 'page' | 'draft' | 'focus' | 'servers' | 'identities'>;

/** What can have the attention on the page, from top to bottom. */
export function itemsOf(state: PageState): readonly Item[] {
  const step = stepOf(state);
  if (step === undefined) return [];
  const items = relevantFields(step, state.draft).flatMap((field): readonly Item[] => [
    { kind: 'field', focus: field.key, field },
    ...suggestionsOf(field, state),
  ]);
  return step.connection === undefined ? items : [...items, { kind: 'test', focus: testFocus }];
}

/** The item that has the attention; the first one when it has gone away. */
export function focusedItem(state: PageState): Item | undefined {
  const items = itemsOf(state);
  return items.find((item) => item.focus === state.focus) ?? items[0];
}

/** Whether letters are text here and no commands. */
export function isTyping(state: PageState): boolean {
  const item = focusedItem(state);
  return item?.kind === 'field' && item.field.kind !== 'choice' && item.field.kind !== 'switch';
}

/** A choice that has the page for itself is drawn as a list, others as a row. */
export function isList(field: Field, state: PageState): boolean {
  const step = stepOf(state);
  return field.kind === 'choice' && step !== undefined && relevantFields(step, state.draft).length === 1;
}

/** They are offered only while the field has the attention, so that the page stays short. */
function suggestionsOf(field: Field, state: PageState): readonly Item[] {
  const isNear = state.focus === field.key || state.focus.startsWith(`${field.key}=`);
  if (!isNear) return [];
  return suggestionsFor(field, state).map(({ value, note }) => ({
    kind: 'suggestion',
    focus: `${field.key}=${value}`,
    field,
    value,
    note,
  }));
}
