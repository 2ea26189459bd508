import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitBatches } from '../../../src/core/sql/batches.ts';

const texts = (script: string) => splitBatches(script, 'a.sql').map((batch) => batch.sql);

describe('a script is cut at its GO lines', () => {
  it.each([
    ['SELECT 1\nGO\nSELECT 2\nGO\n', ['SELECT 1', 'SELECT 2']],
    ['SELECT 1\r\nGO\r\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    ['\uFEFFSELECT 1\ngo', ['SELECT 1']],
    ['\uFEFFGO\nSELECT 1', ['SELECT 1']],
    ['SELECT 1\n  \t Go  \t\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    ['SELECT 1\nGO -- done\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    ['SELECT 1\nGO--done\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    ['SELECT 1\nGO /* a */ -- b\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    ['SELECT 1\nGO/* a */3/* b */\nSELECT 2', ['SELECT 1', 'SELECT 1', 'SELECT 1', 'SELECT 2']],
    ['SELECT 1\nGO 2\nSELECT 2', ['SELECT 1', 'SELECT 1', 'SELECT 2']],
    ['SELECT 1\n/* x */ GO\nSELECT 2', ['SELECT 1\n/* x */', 'SELECT 2']],
    ['SELECT 1 /* a\nb */ GO\nSELECT 2', ['SELECT 1 /* a\nb */', 'SELECT 2']],
    ['GO\nGO\n\n-- only a comment\nGO\n/* and another */', []],
    ['', []],
    ['SELECT 1', ['SELECT 1']],
  ])('%j', (script, expected) => {
    expect(texts(script)).toEqual(expected);
  });
});

describe('GO is only text', () => {
  it.each([
    ['in a line comment', 'SELECT 1 --\n-- GO\n, 2'],
    ['in a block comment', 'SELECT 1 /*\nGO\n*/ , 2'],
    ['in a nested block comment', '/* a /* b\nGO\n*/\nGO\n*/ SELECT 1'],
    ['in a string', "SELECT 'a\nGO\nb'"],
    ['in a string with a doubled quote', "SELECT 'it''s\nGO\n'"],
    ['in a bracketed name', 'SELECT 1 AS [a]]\nGO\n]'],
    ['in a quoted name', 'SELECT 1 AS "a""\nGO\n"'],
    ['as the beginning of a longer word', 'SELECT 1 AS\ngone_ts\n, 2 AS\ngoto1, 3 AS\ngo#, 4 AS\ngo_x'],
    ['in the middle of a line', 'SELECT 1 GO\nSELECT 2'],
    ['after a comment that closes behind a statement', 'SELECT 1 /* x */ GO'],
    ['before which a string ends', "SELECT 'a\n' GO"],
    ['in a comment mark inside a string', "SELECT '/*'\n, '--', '*/'"],
    ['in a quote inside a comment', "-- it's\nSELECT 1 /* don't */"],
  ])('%s', (_, script) => {
    expect(texts(script)).toEqual([script]);
  });
});

describe('the line of a batch', () => {
  it('is where its first line that is sent stands in the file', () => {
    const script = '-- header\n\nGO\n\n\nSELECT 1\nGO 2\r\n\r\n/* note\n*/ SELECT\n  2\nGO\nSELECT 3';
    expect(splitBatches(script, 'a.sql')).toEqual([
      { sql: 'SELECT 1', line: 6 },
      { sql: 'SELECT 1', line: 6 },
      { sql: '/* note\n*/ SELECT\n  2', line: 9 },
      { sql: 'SELECT 3', line: 13 },
    ]);
  });

  it('counts lines inside strings and names', () => {
    expect(
      splitBatches("SELECT 'a\nb\nc'\nGO\nSELECT [x\ny]\nGO\nSELECT 3", 'a.sql').map((b) => b.line),
    ).toEqual([1, 5, 8]);
  });
});

describe('a script that cannot be cut', () => {
  it.each([
    ['SELECT 1\nGO;\n', 'a.sql:2: GO is followed by a semicolon'],
    ['SELECT 1\nGO ;', 'a.sql:2: GO is followed by a semicolon'],
    ['SELECT 1\nGO SELECT 2', 'a.sql:2: GO is followed by "SELECT 2"'],
    ['GO -1', 'a.sql:1: GO is followed by "-1"'],
    ['SELECT 1\nGO 0', 'a.sql:2: GO 0 repeats'],
    ['SELECT 1\nGO 999999999', 'a.sql:2: GO 999999999 repeats'],
    ['SELECT 1\nGO /* open\n*/', 'a.sql:2: A comment that begins on the line of GO'],
    ["\n\nSELECT 'open\nGO\n", 'a.sql:3: A string'],
    ['SELECT [open\nGO\n', 'a.sql:1: A quoted name'],
    ['SELECT 1\n/* a /* b */\nGO', 'a.sql:2: A comment'],
    [':r other.sql\nGO', 'a.sql:1: sqlcmd directives are not supported: :r other.sql'],
    ['  :setvar DB x', 'sqlcmd directives'],
    ['SELECT 1\nGO\nUSE [master]\nGO', 'a.sql:3: USE changes to another database'],
    ['use AXRETAILPOS; -- here\r\nSELECT 1', 'a.sql:1: USE changes'],
  ])('%j names the place', (script, message) => {
    expect(() => splitBatches(script, 'a.sql')).toThrow(
      expect.objectContaining({
        code: 'script-text',
        exit: 'answers',
        message: expect.stringContaining(message),
      }),
    );
  });
});

it.each([
  "SELECT 'a\nUSE master\n'",
  '/*\nUSE master\n*/ SELECT 1',
  "SELECT 1 OPTION (\nUSE PLAN N'x')",
  'SELECT use_count\nFROM t',
])('takes %j for no change of the database', (script) => {
  expect(splitBatches(script, 'a.sql')).toEqual([{ sql: script, line: 1 }]);
});

describe('for any script', () => {
  const piece = fc.constantFrom(
    "SELECT 'a\nGO\nb'",
    '/* x\nGO\n*/ SELECT 1',
    '-- c\nSELECT [q]]\nGO\n]',
    'PRINT 1',
    'SELECT "a\ngo\n"',
    'EXEC gone',
  );
  const separator = fc.constantFrom('\nGO\n', '\r\ngo\r\n', '\n GO -- x\n', '\n\nGo /* y */\n\n');

  it('statements joined by GO lines come back as they were, each at its line', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, separator), { minLength: 1, maxLength: 8 }), (parts) => {
        const script = parts.map(([text, go]) => text + go).join('');
        const batches = splitBatches(script, 'a.sql');
        expect(batches.map((batch) => batch.sql)).toEqual(parts.map(([text]) => text));
        const lines = script.split('\n');
        for (const batch of batches) {
          expect(lines[batch.line - 1]?.trimEnd()).toBe(batch.sql.split('\n')[0]?.trimEnd());
        }
      }),
    );
  });

  it('the end is always reached', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`GOgo;'"[]/*-\n\r 1a`) }), (script) => {
        try {
          for (const batch of splitBatches(script, 'a.sql')) expect(batch.sql.trim()).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'script-text' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
