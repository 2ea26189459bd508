import { setField } from '../../core/answers/draft.ts';
import { Secret } from '../../core/secret.ts';
import type { Draft, DraftValue, Field } from '../../core/steps/index.ts';
import { focusedItem } from '../items.ts';
import { keyId } from '../keys.ts';
import type { KeyPress } from '../terminal/key-parser.ts';
import { characters } from '../text-width.ts';
import { editText, type TextLine } from '../widgets/text-line.ts';
import type { WizardState } from '../wizard.ts';
import { asking, settled, type Transition } from './transition.ts';

/** A key in the text field that has the attention; undefined when it is none of a text field. */
export function editWithKey(state: WizardState, key: KeyPress): Transition | undefined {
  const item = focusedItem(state);
  if (item?.kind !== 'field' || item.field.kind === 'choice' || item.field.kind === 'switch')
    return undefined;
  const { field } = item;
  const before = isReplacedBy(key, field, state) ? { text: '', cursor: 0 } : lineOf(state, field);
  const after = editText(before, key, keyId(key));
  if (after === undefined) return undefined;
  const cursors = { ...state.cursors, [field.key]: after.cursor };
  if (after.text === before.text) return settled({ ...state, cursors });
  const value = field.kind === 'secret' ? new Secret(after.text) : after.text;
  return changeField({ ...state, cursors }, field, value);
}

/**
 * Typing over a password begins a new one until something in it has been edited: what is not seen cannot be mended, and
 * the right one behind a wrong one is wrong again.
 */
function isReplacedBy(key: KeyPress, field: Field, { cursors }: WizardState): boolean {
  const isTyped = key.kind === 'text' || key.kind === 'paste';
  return field.kind === 'secret' && isTyped && cursors[field.key] === undefined;
}

/** The text of a field as it is edited. A password that is only referred to is not shown: typing begins a new one. */
export function lineOf(state: Pick<WizardState, 'draft' | 'cursors'>, field: Field): TextLine {
  const text = textIn(state.draft, field);
  return { text, cursor: state.cursors[field.key] ?? characters(text).length };
}

/** The next or previous option of the choice that has the attention; a switch is turned. */
export function choose(state: WizardState, by: 1 | -1): Transition {
  const item = focusedItem(state);
  if (item?.kind !== 'field') return settled(state);
  const { field } = item;
  if (field.kind === 'switch') return changeField(state, field, state.draft[field.key] !== true);
  const values = field.options.map((option) => option.value);
  const current = values.indexOf(String(state.draft[field.key]));
  const next = values[(current + by + values.length) % values.length];
  return next === undefined ? settled(state) : changeField(state, field, next);
}

/** The draft with a new value. What was found out about the connection was about the old one. */
export function changeField(state: WizardState, field: Field, value: DraftValue): Transition {
  const changed: WizardState = {
    ...state,
    draft: setField(state.draft, field.key, value),
    problems: state.problems.filter((problem) => problem.key !== field.key),
  };
  const isOfConnection = field.key.includes('Database.') || field.key === 'options.encryption';
  if (!isOfConnection || state.probe === undefined) return settled(changed);
  const without = { ...changed, probe: undefined };
  return state.probe.isWorking ? asking(without, { kind: 'stop-probe' }) : settled(without);
}

function textIn(draft: Draft, field: Field): string {
  const value = draft[field.key];
  if (value instanceof Secret) return value.reveal();
  return typeof value === 'string' && field.kind !== 'secret' ? value : '';
}
