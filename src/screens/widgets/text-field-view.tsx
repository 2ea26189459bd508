import { Box } from 'ink';
import type { Glyphs } from '../glyphs.ts';
import { cut, padded, widthOf } from '../text-width.ts';
import { type FieldRow, fieldRoom, fieldView } from './field-view.ts';
import { Pointer } from './pointer.tsx';
import { Styled } from './styled.tsx';

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
