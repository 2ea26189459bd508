import { elapsed } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { blank, type Row, textRows } from '../rows.ts';
import type { Meaning } from '../theme.ts';
import type { WizardState } from '../wizard.ts';

const statusMeanings: Readonly<Record<string, Meaning>> = {
  ok: 'good',
  warning: 'warning',
  failed: 'bad',
  working: 'quiet',
};

/** The connection test, one line a layer, with what to do next under what is wrong. */
export function probeRows(state: WizardState): readonly Row[] {
  const { probe } = state;
  if (probe === undefined) return [];
  const width = contentWidth(state.size);
  const lines = probe.lines.flatMap((line): readonly Row[] => {
    const note =
      line.status === 'working' && state.now - probe.since >= 1000 ? elapsed(state.now - probe.since) : '';
    const meaning = statusMeanings[line.status] ?? 'plain';
    const room = width - textIndent - statusWidth;
    const [first, ...others] = textRows(line.message, room);
    return [
      {
        kind: 'pair',
        label: line.label,
        labelWidth,
        value: first?.kind === 'text' ? first.text : '',
        note: note === '' ? line.status : `${note}  ${line.status}`,
        meaning,
      },
      ...others.map((row) => (row.kind === 'text' ? { ...row, indent: textIndent } : row)),
      ...(line.hint === undefined ? [] : textRows(`Next: ${line.hint}`, width, { indent: hintIndent })),
    ];
  });
  return [blank, ...lines];
}

const labelWidth = 12;
/** Where the text of a pair begins. */
const textIndent = 2 + labelWidth;
const hintIndent = 4;
/** Room for "warning" and the blanks before it. */
const statusWidth = 10;
