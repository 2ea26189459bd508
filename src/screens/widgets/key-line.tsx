import { Box } from 'ink';
import { type KeyHint, keyGap } from '../key-line.ts';
import { Styled } from './styled.tsx';

type Props = { readonly hints: readonly KeyHint[] };

/** `Enter go on   Esc back   ? help` */
export function KeyLine({ hints }: Props) {
  return (
    <Box columnGap={keyGap}>
      {hints.map(({ label, words }) => (
        <Box key={label} columnGap={1}>
          <Styled meaning="key">{label}</Styled>
          <Styled>{words}</Styled>
        </Box>
      ))}
    </Box>
  );
}
