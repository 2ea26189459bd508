import type { Glyphs } from '../glyphs.ts';
import { widthOf } from '../text-width.ts';
import { Styled } from './styled.tsx';

type Props = {
  readonly width: number;
  readonly glyphs: Glyphs;
  /** Says at the right end that the page goes on beyond the rule. */
  readonly note: string;
};

/** `────────────────────── v 12 more ──` */
export function Rule({ width, glyphs, note }: Props) {
  const words = note === '' ? '' : ` ${note} ${glyphs.rule.repeat(2)}`;
  return <Styled meaning="quiet">{glyphs.rule.repeat(width - widthOf(words)) + words}</Styled>;
}
