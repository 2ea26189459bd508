import { contentWidth } from '../layout.ts';
import { type Body, textRows } from '../rows.ts';
import type { Overlay } from '../state/overlay.ts';
import { printable } from '../text-width.ts';
import type { WizardState } from '../wizard.ts';

/** A long text to read: the T-SQL of the plan, the log. */
export function textBody(state: WizardState, { lines, scroll }: Extract<Overlay, { kind: 'text' }>): Body {
  const width = contentWidth(state.size);
  const rows = lines.flatMap((line) => textRows(printable(line), width));
  return { rows, scroll };
}
