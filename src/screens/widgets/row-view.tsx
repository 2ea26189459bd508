import { Box } from 'ink';
import type { Glyphs } from '../glyphs.ts';
import type { Row } from '../rows.ts';
import { cut, padded, widthOf } from '../text-width.ts';
import { ChoiceView, OptionView, SwitchView } from './choice-view.tsx';
import { Pointer } from './pointer.tsx';
import { StatusView } from './status-view.tsx';
import { Styled } from './styled.tsx';
import { TextFieldView } from './text-field-view.tsx';

type Props = {
  readonly row: Row;
  readonly width: number;
  readonly glyphs: Glyphs;
};

/** Draws one row of a page; never higher than one line. */
export function RowView({ row, width, glyphs }: Props) {
  const isFocused = row.isFocused === true;
  switch (row.kind) {
    case 'blank':
      return <Styled> </Styled>;
    case 'text':
      return (
        <Box paddingLeft={row.indent}>
          <Styled meaning={row.meaning}>{row.text === '' ? ' ' : row.text}</Styled>
        </Box>
      );
    case 'pair': {
      const room = width - indent - row.labelWidth - (row.note === '' ? 0 : widthOf(row.note) + 2);
      return (
        <Box justifyContent="space-between">
          <Styled>
            {' '.repeat(indent) + padded(row.label, row.labelWidth) + cut(row.value, room, glyphs.cut)}
          </Styled>
          <Styled meaning={row.meaning}>{row.note}</Styled>
        </Box>
      );
    }
    case 'text-field':
      return <TextFieldView row={row} isFocused={isFocused} width={width} glyphs={glyphs} />;
    case 'choice':
      return <ChoiceView row={row} isFocused={isFocused} glyphs={glyphs} />;
    case 'switch':
      return <SwitchView row={row} isFocused={isFocused} glyphs={glyphs} />;
    case 'option':
      return <OptionView row={row} isFocused={isFocused} width={width} glyphs={glyphs} />;
    case 'button':
      return (
        <Box>
          <Pointer isFocused={isFocused} glyphs={glyphs} />
          <Styled meaning={isFocused ? 'focused' : 'plain'}>{`[ ${row.label} ]`}</Styled>
        </Box>
      );
    case 'entry':
      return (
        <Box>
          <Pointer isFocused={isFocused} glyphs={glyphs} />
          <Styled meaning={isFocused ? 'focused' : row.meaning}>{row.text}</Styled>
        </Box>
      );
    case 'suggestion':
      return (
        <Box paddingLeft={row.indent}>
          <Pointer isFocused={isFocused} glyphs={glyphs} />
          <Styled meaning={isFocused ? 'focused' : 'plain'}>{row.text}</Styled>
        </Box>
      );
    case 'status':
      return <StatusView row={row} width={width} glyphs={glyphs} />;
  }
}

/** Columns before the label of a pair. */
const indent = 2;
