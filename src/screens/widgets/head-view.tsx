import { Box } from 'ink';
import type { Head } from '../head.ts';
import { Styled } from './styled.tsx';

type Props = { readonly head: Head };

/** The two lines above the rule. */
export function HeadView({ head }: Props) {
  return (
    <Box flexDirection="column">
      <Box justifyContent="space-between">
        <Styled>{head.product}</Styled>
        <Styled meaning="banner">{head.banner}</Styled>
      </Box>
      <Box justifyContent="space-between">
        <Styled meaning="title">{head.place === '' ? head.title : `${head.place}  ${head.title}`}</Styled>
        <Styled>{head.note}</Styled>
      </Box>
    </Box>
  );
}
