import type { Glyphs } from '../glyphs.ts';
import { Styled } from './styled.tsx';

type Props = { readonly isFocused: boolean; readonly glyphs: Glyphs };

/** The mark before what has the attention, and the same room before everything else. */
export function Pointer({ isFocused, glyphs }: Props) {
  return <Styled meaning={isFocused ? 'focused' : 'plain'}>{isFocused ? `${glyphs.pointer} ` : '  '}</Styled>;
}
