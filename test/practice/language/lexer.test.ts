import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scan, type Token } from '../../../src/practice/language/lexer.ts';
import { SyntaxProblem } from '../../../src/practice/language/syntax-problem.ts';

const tokens = (text: string): readonly Token[] => scan(text).slice(0, -1);
const kinds = (text: string) => tokens(text).map(({ kind, value }) => [kind, value]);

describe('the lexer', () => {
  it('tells names, variables and temporary tables apart', () => {
    expect(kinds('abc @x @@rowcount #t ##g [a]]b] "q""r" $identity a$b')).toEqual([
      ['word', 'abc'],
      ['variable', '@x'],
      ['variable', '@@rowcount'],
      ['word', '#t'],
      ['word', '##g'],
      ['bracketed', 'a]b'],
      ['double-quoted', 'q"r'],
      ['word', '$identity'],
      ['word', 'a$b'],
    ]);
  });

  it('reads every form of number', () => {
    expect(kinds('1 1.5 .5 1. 1e3 1.5E-2 1e $1.25 $ 0xAbc 0x')).toEqual([
      ['integer', '1'],
      ['decimal', '1.5'],
      ['decimal', '.5'],
      ['decimal', '1.'],
      ['float', '1e3'],
      ['float', '1.5E-2'],
      ['float', '1e'],
      ['money', '1.25'],
      ['money', '0'],
      ['binary', '0Abc'],
      ['binary', ''],
    ]);
  });

  it('ends a number where a name begins', () => {
    expect(kinds('1a')).toEqual([
      ['integer', '1'],
      ['word', 'a'],
    ]);
  });

  it('reads strings with doubled quotes, over lines and continued by a backslash', () => {
    expect(kinds("'it''s' N'é' 'a\nb' 'a\\\nb' ''")).toEqual([
      ['string', "it's"],
      ['unicode-string', 'é'],
      ['string', 'a\nb'],
      ['string', 'ab'],
      ['string', ''],
    ]);
  });

  it('skips comments, nested ones too, and counts their lines', () => {
    const [only] = tokens("-- one ' [\n/* two /* three */\n ' */ x");
    expect(only).toMatchObject({ value: 'x', line: 3 });
  });

  it.each([
    ["select 'abc", 105, 1],
    ['select 1\nselect [abc', 105, 2],
    ['select 1 /* /* */', 113, 1],
    ['select 1e309', 168, 1],
    [`select ${'9'.repeat(39)}`, 1007, 1],
    [`select a${'b'.repeat(128)}`, 103, 1],
    ['select 1 § 2', 102, 1],
  ])('refuses %j with %i', (text, number, line) => {
    expect(() => scan(text)).toThrow(expect.objectContaining({ number, line }));
  });

  it('reads back any text that was quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const plain = text.replaceAll('\\', '/');
        expect(kinds(`N'${plain.replaceAll("'", "''")}'`)).toEqual([['unicode-string', plain]]);
        const name = text.slice(0, 128);
        expect(kinds(`[${name.replaceAll(']', ']]')}]`)).toEqual([['bracketed', name]]);
      }),
    );
  });

  it('ends on any text, with tokens in order and exact offsets', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '[',
        ']',
        '--',
        '/*',
        '*/',
        '\n',
        ' ',
        'N',
        '0x',
        '@',
        '1.',
        'e',
        '$',
        '.',
        '\\',
        '<',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        let all: readonly Token[];
        try {
          all = scan(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxProblem);
          return;
        }
        let end = 0;
        for (const token of all) {
          expect(token.offset).toBeGreaterThanOrEqual(end);
          expect(token.line).toBe(text.slice(0, token.offset).split('\n').length);
          if (token.kind === 'word' || token.kind === 'variable' || token.kind === 'symbol') {
            expect(text.slice(token.offset, token.end)).toBe(token.value);
          }
          end = token.end;
        }
        expect(end).toBe(text.length);
      }),
      { numRuns: 500 },
    );
  });
});
