import type { Field } from '../../core/steps/index.ts';
import { glyphSets } from '../glyphs.ts';
import { isList, itemsOf, testFocus } from '../items.ts';
import { choiceGap, contentWidth, pointerWidth } from '../layout.ts';
import { stepOf } from '../page-order.ts';
import { type Body, blank, type Row, textRows } from '../rows.ts';
import { characters, widthOf, wrapped } from '../text-width.ts';
import { lineOf } from '../transitions/editing.ts';
import { registerOf } from '../transitions/identifying.ts';
import type { WizardState } from '../wizard.ts';
import { probeRows } from './probe-rows.ts';
import { savedRows } from './saved-rows.ts';

/** A page of questions, whatever step it is. */
export function stepBody(state: WizardState): Body {
  const step = stepOf(state);
  if (step === undefined) return { rows: [] };
  const items = itemsOf(state);
  const labels = items.flatMap((item) => (item.kind === 'field' ? [item.field.label] : []));
  const labelWidth = Math.max(8, ...labels.map(widthOf)) + 2;
  const rows: Row[] = [];
  let follow = 0;
  for (const item of items) {
    const isFocused = item.focus === state.focus;
    if (item.kind === 'field') rows.push(...fieldRows(item.field, labelWidth, isFocused, state));
    if (item.kind === 'suggestion')
      rows.push({ kind: 'suggestion', text: `${item.value}  ${item.note}`, indent: labelWidth, isFocused });
    if (item.kind === 'test') rows.push(blank, { kind: 'button', label: 'Test connection', isFocused });
    if (isFocused) follow = rows.length - 1;
  }
  if (state.page === 'task') rows.push(...checkRows(state));
  rows.push(...probeRows(state), ...savedRows(state));
  // While the connection is tested its newest line is what the technician looks at.
  return { rows, follow: state.focus === testFocus ? rows.length - 1 : follow };
}

function fieldRows(field: Field, labelWidth: number, isFocused: boolean, state: WizardState): readonly Row[] {
  const width = contentWidth(state.size);
  const indent = pointerWidth + labelWidth;
  const problem = state.problems.find((each) => each.key === field.key);
  const mark = glyphSets[state.glyphs].problem;
  return [
    ...inputRows(field, labelWidth, isFocused, state),
    ...placeRows(field, indent, state),
    ...(problem === undefined
      ? []
      : textRows(`${mark} ${problem.message}`, width, {
          meaning: 'bad',
          indent: isList(field, state) ? pointerWidth : indent,
        })),
  ];
}

/** The other thing that can be done with the answers; which set-up it is about is chosen in the list above. */
function checkRows(state: WizardState): readonly Row[] {
  const words = 'Check an existing one, which changes nothing: press V';
  return [blank, ...textRows(words, contentWidth(state.size), { indent: 2 })];
}

/** A register of another computer can be taken over, but not by accident. */
function placeRows(field: Field, indent: number, state: WizardState): readonly Row[] {
  const register = field.key === 'identification.registerId' ? registerOf(state) : undefined;
  if (register?.machine === undefined || register.isHere) return [];
  const words =
    state.draft['options.replaceRegister'] === true
      ? `Set up on ${register.machine}: this computer takes its place.`
      : `Set up on ${register.machine}. For this computer to take its place, switch on "Replace the register" among the options.`;
  return textRows(words, contentWidth(state.size), { meaning: 'warning', indent });
}

function inputRows(field: Field, labelWidth: number, isFocused: boolean, state: WizardState): readonly Row[] {
  if (isList(field, state)) return listRows(field, state, isFocused);
  const { label } = field;
  if (field.kind === 'switch')
    return [{ kind: 'switch', label, labelWidth, isOn: state.draft[field.key] === true, isFocused }];
  if (field.kind === 'choice') return choiceRows(field, labelWidth, isFocused, state);
  const { text, cursor } = lineOf(state, field);
  const isSecret = field.kind === 'secret';
  const value = isSecret ? glyphSets[state.glyphs].mask.repeat(characters(text).length) : text;
  return [{ kind: 'text-field', label, labelWidth, value, cursor, note: noteOf(field, state), isFocused }];
}

/** One option a line, its note beside it, over several lines where it is long. */
function listRows(field: Field, state: WizardState, isFocused: boolean): readonly Row[] {
  const labelWidth = Math.max(...field.options.map((option) => widthOf(option.label))) + 2;
  const indent = pointerWidth + labelWidth;
  return field.options.flatMap((option): readonly Row[] => {
    const isChosen = state.draft[field.key] === option.value;
    const [note = '', ...more] = wrapped(option.note, contentWidth(state.size) - indent);
    return [
      { kind: 'option', label: option.label, labelWidth, note, isChosen, isFocused: isFocused && isChosen },
      ...more.map((text): Row => ({ kind: 'text', text, meaning: 'plain', indent })),
    ];
  });
}

/** The options beside each other, in as many rows as they need. */
function choiceRows(
  field: Field,
  labelWidth: number,
  isFocused: boolean,
  state: WizardState,
): readonly Row[] {
  const room = contentWidth(state.size) - pointerWidth - labelWidth;
  const markWidth = widthOf(glyphSets[state.glyphs].chosen) + 1;
  const lines: { label: string; isChosen: boolean }[][] = [[]];
  let used = 0;
  for (const { value, label } of field.options) {
    const needed = markWidth + widthOf(label) + (used === 0 ? 0 : choiceGap);
    if (used > 0 && used + needed > room) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push({ label, isChosen: state.draft[field.key] === value });
    used += needed;
  }
  return lines.map((options, index) => ({
    kind: 'choice',
    label: index === 0 ? field.label : '',
    labelWidth,
    options,
    isFocused: isFocused && index === 0,
  }));
}

function noteOf(field: Field, state: WizardState): string {
  const value = state.draft[field.key];
  if (field.kind === 'server' && typeof value === 'string' && state.servers.includes(value))
    return 'found on this computer';
  return field.kind === 'secret' && typeof value === 'string' && value !== '' ? `from ${value}` : '';
}
