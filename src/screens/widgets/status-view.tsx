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
  const fullest = (wanted: number) =>
    endings(row, glyphs).find((each) => roomBeside(each) >= Math.min(widthOf(row.text), wanted));
  const end = fullest(readableText) ?? fullest(tellingText) ?? shortest(row);
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

/** What stands at the right, the fullest first: narrow screens do without the bar. */
function endings({ bar, note }: Props['row'], glyphs: Glyphs): readonly string[] {
  if (bar === undefined) return [note];
  const picture = bar.total > 0 ? barText(bar.done, bar.total, barWidth, glyphs) : '';
  return [
    [picture, countOf(bar), note],
    [countOf(bar), note],
  ].map((parts) => parts.filter((part) => part !== '').join('  '));
}

/** How far it is matters more than how long it has taken, and than the end of its title. */
function shortest({ bar, note }: Props['row']): string {
  return bar === undefined ? note : countOf(bar);
}

/** A total of 0 is not known. */
function countOf({ done, total }: NonNullable<Props['row']['bar']>): string {
  return total > 0 ? `${amount(done)} of ${amount(total)}` : amount(done);
}

/** Columns of a title that can be read, and of one of which one can still tell what it is about. */
const readableText = 36;
const tellingText = 24;

const indent = 2;
const statusWidth = 9;
const numberWidth = 3;
const barWidth = 12;
