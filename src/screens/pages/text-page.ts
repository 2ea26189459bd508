import { contentWidth } from '../layout.ts';
import { type Body, textRows } from '../rows.ts';
import type { Overlay, WizardState } from '../wizard.ts';

/** A long text to read: the T-SQL of the plan, the log. Tabs and control characters would break the frame. */
export function textBody(state: WizardState, { lines, scroll }: Extract<Overlay, { kind: 'text' }>): Body {
  const width = contentWidth(state.size);
  const rows = lines.flatMap((line) => textRows(printable(line), width));
  return { rows, scroll };
}

function printable(line: string): string {
  return line.replaceAll('\t', '    ').replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}
