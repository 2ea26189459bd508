import { Box } from 'ink';
import type { Glyphs } from '../glyphs.ts';
import type { Row } from '../rows.ts';
import { cut, padded, widthOf } from '../text-width.ts';
import { fieldView } from './field-view.ts';
import { Pointer } from './pointer.tsx';
import { Styled } from './styled.tsx';

type FieldRow = Extract<Row, { kind: 'text-field' }>;

type Props = {
  readonly row: FieldRow;
  readonly isFocused: boolean;
  readonly width: number;
  readonly glyphs: Glyphs;
};

/** `> User   retailsetup____________`; the host puts the real cursor where `cursorColumn` says. */
export function TextFieldView({ row, isFocused, width, glyphs }: Props) {
  const room = fieldRoom(row, width);
  const shown = isFocused
    ? fieldView(row.value, row.cursor, room, glyphs.cut).text
    : cut(row.value, room, glyphs.cut);
  const blanks = isFocused || row.value === '' ? room - widthOf(shown) : 0;
  const hasNote = row.note !== '';
  return (
    <Box justifyContent="space-between">
      <Box>
        <Pointer isFocused={isFocused} glyphs={glyphs} />
        <Styled meaning={isFocused ? 'focused' : 'plain'}>{padded(row.label, row.labelWidth)}</Styled>
        <Styled>{shown + glyphs.blank.repeat(Math.max(0, blanks))}</Styled>
      </Box>
      {hasNote && <Styled>{row.note}</Styled>}
    </Box>
  );
}

/** The column of the cursor in the row of the field that has the attention. */
export function cursorColumn(row: FieldRow, width: number, glyphs: Glyphs): number {
  const { column } = fieldView(row.value, row.cursor, fieldRoom(row, width), glyphs.cut);
  return pointerRoom + row.labelWidth + column;
}

const pointerRoom = 2;
/** A field wider than this looks as if it wanted to be filled. */
const widestField = 40;

function fieldRoom({ labelWidth, note }: FieldRow, width: number): number {
  const noteRoom = note === '' ? 0 : widthOf(note) + 2;
  return Math.max(4, Math.min(widestField, width - pointerRoom - labelWidth - noteRoom));
}
