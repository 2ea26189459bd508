import type { Glyphs } from '../glyphs.ts';
import { pointerWidth } from '../layout.ts';
import type { Row } from '../rows.ts';
import { characters, widthOf } from '../text-width.ts';

/** The part of a text that a field shows, and the column of the cursor in it. */
export type FieldView = { readonly text: string; readonly column: number };

/**
 * Scrolls a text sideways so that the cursor is in sight; the cursor may stand behind the last character. `mark`
 * stands at an end that is cut.
 */
export function fieldView(text: string, cursor: number, width: number, mark: string): FieldView {
  const all = characters(text);
  const at = Math.min(Math.max(0, cursor), all.length);
  if (widthOf(text) < width) return { text, column: widthOf(all.slice(0, at).join('')) };
  const markWidth = widthOf(mark);
  let from = at;
  let used = 0;
  // Backwards from the cursor as far as there is room for the mark and the cursor itself.
  while (from > 0 && used + widthOf(all[from - 1] ?? '') <= width - markWidth - 1) {
    from -= 1;
    used += widthOf(all[from] ?? '');
  }
  const head = from > 0 ? mark : '';
  const column = (from > 0 ? markWidth : 0) + used;
  let shown = head + all.slice(from, at).join('');
  let to = at;
  while (
    to < all.length &&
    widthOf(shown + (all[to] ?? '')) <= width - (to + 1 < all.length ? markWidth : 0)
  ) {
    shown += all[to] ?? '';
    to += 1;
  }
  return { text: to < all.length ? shown + mark : shown, column };
}

export type FieldRow = Extract<Row, { kind: 'text-field' }>;

/** The column of the cursor in the row of the field that has the attention. */
export function cursorColumn(row: FieldRow, width: number, glyphs: Glyphs): number {
  const { column } = fieldView(row.value, row.cursor, fieldRoom(row, width), glyphs.cut);
  return pointerWidth + row.labelWidth + column;
}

/** A field wider than this looks as if it wanted to be filled. */
const widestField = 40;

/** Columns that the field's text may take in a row of this width. */
export function fieldRoom({ labelWidth, note }: FieldRow, width: number): number {
  const noteRoom = note === '' ? 0 : widthOf(note) + 2;
  return Math.max(4, Math.min(widestField, width - pointerWidth - labelWidth - noteRoom));
}
