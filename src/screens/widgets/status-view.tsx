import { Box } from 'ink';
import type { Glyphs } from '../glyphs.ts';
import type { Row } from '../rows.ts';
import { cut, padded, widthOf } from '../text-width.ts';
import { barText } from './bar.ts';
import { Styled } from './styled.tsx';

type Props = {
  readonly row: Extract<Row, { kind: 'status' }>;
  readonly width: number;
  readonly glyphs: Glyphs;
};

/** `working   3  Provision 84 tables   ███████░░░  61 of 84   52 s` */
export function StatusView({ row, width, glyphs }: Props) {
  const number = row.number === '' ? '' : `${row.number.padStart(numberWidth)}  `;
  const lead = row.status === undefined ? '' : padded(row.status, statusWidth);
  const bar = row.bar === undefined ? '' : barWords(row.bar, glyphs);
  const end = [bar, row.note].filter((part) => part !== '').join('  ');
  const room = width - indent - widthOf(lead + number) - (end === '' ? 0 : widthOf(end) + 2);
  return (
    <Box justifyContent="space-between">
      <Box>
        <Styled>{' '.repeat(indent)}</Styled>
        <Styled meaning={row.meaning}>{lead}</Styled>
        <Styled>{number + cut(row.text, room, glyphs.cut)}</Styled>
      </Box>
      <Styled>{end}</Styled>
    </Box>
  );
}

function barWords({ done, total }: NonNullable<Props['row']['bar']>, glyphs: Glyphs): string {
  return `${barText(done, total, barWidth, glyphs)}  ${done} of ${total}`;
}

const indent = 2;
const statusWidth = 9;
const numberWidth = 3;
const barWidth = 12;
