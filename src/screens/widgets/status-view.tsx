import { Box } from 'ink';
import { amount } from '../../core/words.ts';
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
  const roomBeside = (end: string) =>
    width - indent - widthOf(lead + number) - (end === '' ? 0 : widthOf(end) + 2);
  const wanted = Math.min(widthOf(row.text), readableText);
  const ends = endings(row, glyphs);
  const end = ends.find((each) => roomBeside(each) >= wanted) ?? ends.at(-1) ?? '';
  const room = roomBeside(end);
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

/** What stands at the right, the fullest first: narrow screens do without the bar and then without the count. */
function endings({ bar, note }: Props['row'], glyphs: Glyphs): readonly string[] {
  if (bar === undefined) return [note];
  // A total of 0 is not known.
  const count = bar.total > 0 ? `${amount(bar.done)} of ${amount(bar.total)}` : amount(bar.done);
  const picture = bar.total > 0 ? barText(bar.done, bar.total, barWidth, glyphs) : '';
  return [[picture, count, note], [count, note], [note]].map((parts) =>
    parts.filter((part) => part !== '').join('  '),
  );
}

/** Columns of a title that one can tell what it is about. */
const readableText = 36;

const indent = 2;
const statusWidth = 9;
const numberWidth = 3;
const barWidth = 12;
