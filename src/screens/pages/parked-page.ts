import type { ConflictDetail, ConflictSummary } from '../../core/sync/conflicts/index.ts';
import { glyphSets } from '../glyphs.ts';
import { contentWidth, pointerWidth } from '../layout.ts';
import { type Body, blank, type Row, textRows } from '../rows.ts';
import { chosenParked } from '../state/monitor.ts';
import { cut, padded, widthOf } from '../text-width.ts';
import { acceptChoices } from '../transitions/parked.ts';
import type { WizardState } from '../wizard.ts';
import { questionRows } from './question-rows.ts';

/** All parked rows, and why the chosen one is there. */
export function parkedBody(state: WizardState): Body {
  const { rows, choice } = state.monitor?.parked ?? {};
  if (rows === undefined) return { rows: textRows('Asking both databases', 60, { indent: 2 }) };
  if (rows.length === 0) return { rows: textRows('No row is parked.', 60, { indent: 2 }) };
  const width = contentWidth(state.size) - pointerWidth;
  const { cut: mark } = glyphSets[state.glyphs];
  const idWidth = Math.max(...rows.map(({ id }) => widthOf(id)));
  return {
    rows: rows.map(
      (row, index): Row => ({
        kind: 'entry',
        text: cut(`${padded(row.id, idWidth)}  ${row.table}  ${row.key}`, width, mark),
        meaning: 'plain',
        isFocused: index === choice,
      }),
    ),
    follow: choice,
  };
}

/** One parked row: why, and its versions below each other. */
export function parkedRowBody(state: WizardState): Body {
  const detail = state.monitor?.parked?.shown;
  if (detail === undefined) return { rows: [] };
  const width = contentWidth(state.size);
  return {
    rows: [
      ...textRows(`${detail.table} ${detail.key}`, width, { meaning: 'title', indent: 2 }),
      ...textRows(parkedWhy(detail), width, { meaning: 'warning', indent: 2 }),
      blank,
      ...versionRows(detail, width),
    ],
    scroll: state.scroll,
  };
}

/** The question before a parked row is given up. */
export function acceptBody(state: WizardState): Body {
  const row = chosenParked(state);
  const choice = state.monitor?.parked?.question?.choice ?? 0;
  const question = `Give up the parked version of ${row?.table ?? ''} ${row?.key ?? ''}? The ${row === undefined ? 'database' : keeperOf(row)} keeps what it has.`;
  const choices = acceptChoices.map((each) => answers[each]);
  return { rows: questionRows(question, choices, choice, state.size) };
}

const answers = {
  keep: { label: 'Keep it parked', note: 'nothing changes' },
  accept: { label: 'Give it up', note: 'the parked version stays in the record only' },
};

/** The side whose version stays when a parked one is given up: the one it was meant for. */
const keeperOf = ({ where }: ConflictSummary): string => (where === 'store' ? 'store' : 'register');

/** Why it is parked, in one sentence or two. */
export function parkedWhy({ message, isMarked }: ConflictSummary): string {
  return isMarked ? `${message} The next run tries it again.` : message;
}

/**
 * What differs first, version by version and never cut: a digit of an amount may be all that matters. Below it, what
 * is the same everywhere.
 */
function versionRows({ columns, isGone }: ConflictDetail, width: number): readonly Row[] {
  const different = columns.filter((column) => !isSame(column));
  const same = columns.filter(isSame);
  return [
    ...different.flatMap(({ column, parked, store, offline }) => [
      ...textRows(column, width, { meaning: 'focused', indent: 2 }),
      ...labelledRows('parked', isGone ? 'deleted' : valueText(parked), width),
      ...labelledRows('store now', valueText(store), width),
      ...labelledRows('register now', valueText(offline), width),
    ]),
    ...(different.length > 0 && same.length > 0 ? [blank] : []),
    ...same.flatMap(({ column, parked }) =>
      textRows(`${column}  ${valueText(parked)}`, width, { indent: 2 }),
    ),
  ];
}

function isSame({ parked, store, offline }: ConflictDetail['columns'][number]): boolean {
  return parked === store && parked === offline;
}

/** Columns before a version's value. */
const valueIndent = 18;

function labelledRows(label: string, value: string, width: number): readonly Row[] {
  return textRows(value, width - valueIndent).map((row, index) => ({
    kind: 'text',
    text: `${padded(index === 0 ? label : '', valueIndent - 4)}${row.kind === 'text' ? row.text : ''}`,
    meaning: 'plain',
    indent: 4,
  }));
}

/** Nothing in a row is told from no row. */
function valueText(value: string | null | undefined): string {
  if (value === undefined) return '(no such row)';
  return value ?? 'NULL';
}
