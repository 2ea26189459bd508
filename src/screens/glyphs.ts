/** Which characters the terminal can show; the host chooses. */
export type GlyphSet = 'unicode' | 'cp437' | 'ascii';

export type Glyphs = {
  /** Horizontal rule. */
  readonly rule: string;
  /** Beside the field that has the attention. */
  readonly pointer: string;
  readonly chosen: string;
  readonly unchosen: string;
  readonly switchedOn: string;
  readonly switchedOff: string;
  /** One for each character of a password. */
  readonly mask: string;
  /** Where a text can be typed. */
  readonly blank: string;
  readonly barDone: string;
  readonly barLeft: string;
  /** Before what is wrong. */
  readonly problem: string;
  /** The list goes on above or below. */
  readonly moreAbove: string;
  readonly moreBelow: string;
  /** A text that was cut off goes on to the left or right. */
  readonly cut: string;
};

const ascii: Glyphs = {
  rule: '-',
  pointer: '>',
  chosen: '(*)',
  unchosen: '( )',
  switchedOn: '[x]',
  switchedOff: '[ ]',
  mask: '*',
  blank: '_',
  barDone: '#',
  barLeft: '.',
  problem: '!',
  moreAbove: '^',
  moreBelow: 'v',
  cut: '~',
};

// Only what code pages 437, 850, 852, 857 and 866 share: consoles of old Windows have no other font to fall back on.
const cp437: Glyphs = { ...ascii, rule: '─', barDone: '█', barLeft: '░' };

const unicode: Glyphs = {
  ...cp437,
  pointer: '›',
  chosen: '(•)',
  mask: '•',
  problem: '!',
  moreAbove: '↑',
  moreBelow: '↓',
  cut: '…',
};

export const glyphSets: Readonly<Record<GlyphSet, Glyphs>> = { unicode, cp437, ascii };
