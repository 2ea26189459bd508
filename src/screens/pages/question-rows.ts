import { contentWidth } from '../layout.ts';
import { blank, type Row, textRows } from '../rows.ts';
import { widthOf } from '../text-width.ts';
import type { TerminalSize } from '../wizard.ts';

/** A question with its answers below each other, one of which has the attention. */
export function questionRows(
  question: string,
  answers: readonly { readonly label: string; readonly note: string }[],
  choice: number,
  size: TerminalSize,
): readonly Row[] {
  const labelWidth = Math.max(...answers.map(({ label }) => widthOf(label))) + 2;
  return [
    ...textRows(question, contentWidth(size), { indent: 2 }),
    blank,
    ...answers.map(
      ({ label, note }, index): Row => ({
        kind: 'option',
        label,
        labelWidth,
        note,
        isChosen: index === choice,
        isFocused: index === choice,
      }),
    ),
  ];
}
