import { type Row, textRows } from '../rows.ts';
import type { Meaning } from '../theme.ts';

/** Columns of the status word. */
export const statusIndent = 11;

const meanings: Readonly<Record<string, Meaning>> = { ok: 'good', warning: 'warning', failed: 'bad' };

/** A word (ok, warning, failed, or none) and a text beside it, which wraps. */
export function statusRows(status: string, text: string, width: number): readonly Row[] {
  return textRows(text, width - statusIndent).map((row, index) => ({
    kind: 'status',
    status: index === 0 ? status : '',
    meaning: meanings[status] ?? 'plain',
    number: '',
    text: row.kind === 'text' ? row.text : '',
    note: '',
  }));
}
