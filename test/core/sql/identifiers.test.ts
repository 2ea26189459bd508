import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifier, quoteName, quoteNames, quoteString } from '../../../src/core/sql/identifiers.ts';

/** Reads a bracketed name the way SQL Server does. */
function readName(quoted: string): { name: string; rest: string } {
  const match = /^\[((?:[^\]]|\]\])*)\](?!\])(.*)$/s.exec(quoted);
  return { name: match![1]!.replaceAll(']]', ']'), rest: match![2]! };
}

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...`]['";-/*. \t\n`),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
  maxLength: 60,
});

describe('a quoted name', () => {
  it.each([
    ['RETAILSTORETABLE', '[RETAILSTORETABLE]'],
    ['a]b', '[a]]b]'],
    [']', '[]]]'],
    ["x'; DROP TABLE y --", "[x'; DROP TABLE y --]"],
  ])('%s becomes %s', (name, quoted) => {
    expect(quoteName(name)).toBe(quoted);
  });

  it('reads back as exactly that name, whatever it holds', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        fc.pre(!name.includes('\0') && name.length <= 128);
        expect(readName(quoteName(name))).toEqual({ name, rest: '' });
      }),
    );
  });

  it('joins the parts of a longer name', () => {
    expect(quoteNames('shop.db', 'dbo', 'T]')).toBe('[shop.db].[dbo].[T]]]');
  });

  it('may have 128 UTF-16 units and not one more', () => {
    expect(quoteName('x'.repeat(128))).toHaveLength(130);
    expect(() => quoteName('x'.repeat(129))).toThrow('129 characters');
    expect(() => quoteName('😀'.repeat(65))).toThrow('130 characters');
  });

  it.each(['', 'a\0b'])('%j is refused', (name) => {
    expect(() => identifier(name)).toThrow(
      expect.objectContaining({ code: 'name-refused', exit: 'answers' }),
    );
  });
});

describe('a quoted string', () => {
  it('reads back as exactly that text, whatever it holds', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        fc.pre(!text.includes('\0'));
        const quoted = quoteString(text);
        const inside = /^N'((?:[^']|'')*)'$/s.exec(quoted);
        expect(inside?.[1]?.replaceAll("''", "'")).toBe(text);
      }),
    );
  });

  it('refuses a NUL', () => {
    expect(() => quoteString('a\0')).toThrow(expect.objectContaining({ code: 'name-refused' }));
  });
});
