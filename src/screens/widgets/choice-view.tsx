import { Box } from 'ink';
import type { Glyphs } from '../glyphs.ts';
import { choiceGap, pointerWidth } from '../layout.ts';
import type { Row } from '../rows.ts';
import { cut, padded } from '../text-width.ts';
import { Pointer } from './pointer.tsx';
import { Styled } from './styled.tsx';

type RowOf<Kind extends Row['kind']> = Extract<Row, { kind: Kind }>;
type Props<Kind extends Row['kind']> = {
  readonly row: RowOf<Kind>;
  readonly isFocused: boolean;
  readonly glyphs: Glyphs;
};

/** `Sign in   ( ) this Windows account  (*) SQL login` */
export function ChoiceView({ row, isFocused, glyphs }: Props<'choice'>) {
  return (
    <Box>
      <Pointer isFocused={isFocused} glyphs={glyphs} />
      <Styled meaning={isFocused ? 'focused' : 'plain'}>{padded(row.label, row.labelWidth)}</Styled>
      <Box columnGap={choiceGap}>
        {row.options.map(({ label, isChosen }) => (
          <Styled key={label} meaning={isChosen ? 'key' : 'plain'}>
            {`${isChosen ? glyphs.chosen : glyphs.unchosen} ${label}`}
          </Styled>
        ))}
      </Box>
    </Box>
  );
}

/** `Start the sync service   [x]` */
export function SwitchView({ row, isFocused, glyphs }: Props<'switch'>) {
  return (
    <Box>
      <Pointer isFocused={isFocused} glyphs={glyphs} />
      <Styled meaning={isFocused ? 'focused' : 'plain'}>{padded(row.label, row.labelWidth)}</Styled>
      <Styled>{row.isOn ? `${glyphs.switchedOn} yes` : `${glyphs.switchedOff} no`}</Styled>
    </Box>
  );
}

/** `> Store database     on the store's SQL Server` */
export function OptionView({ row, isFocused, width, glyphs }: Props<'option'> & { readonly width: number }) {
  return (
    <Box>
      <Pointer isFocused={row.isChosen} glyphs={glyphs} />
      <Styled meaning={isFocused ? 'focused' : 'plain'}>{padded(row.label, row.labelWidth)}</Styled>
      <Styled>{cut(row.note, width - row.labelWidth - pointerWidth, glyphs.cut)}</Styled>
    </Box>
  );
}
