import { expect, it } from 'vitest';
import { glyphSets } from '../../src/screens/glyphs.ts';

// Of the box and block characters, what code pages 437, 850, 852, 857 and 866 all have.
const inEveryCodePage = /^[ -~─│┌┐└┘├┤┬┴┼═║╔╗╚╝█▓▒░▀▄■]*$/u;

it('draws with 7-bit characters alone when ASCII is asked for', () => {
  for (const glyph of Object.values(glyphSets.ascii)) expect(glyph).toMatch(/^[ -~]+$/);
});

it('draws with characters that every DOS code page has on an old console', () => {
  for (const glyph of Object.values(glyphSets.cp437)) expect(glyph).toMatch(inEveryCodePage);
});

it('has every glyph in the same width in every set, so that pages keep their shape', () => {
  for (const [name, glyph] of Object.entries(glyphSets.ascii)) {
    const key = name as keyof typeof glyphSets.ascii;
    expect([...glyphSets.cp437[key]]).toHaveLength(glyph.length);
    expect([...glyphSets.unicode[key]]).toHaveLength(glyph.length);
  }
});
