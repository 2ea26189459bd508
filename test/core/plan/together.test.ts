import { describe, expect, it } from 'vitest';
import { together } from '../../../src/core/plan/together.ts';
import { splitBatches } from '../../../src/core/sql/batches.ts';

const sent = (script: string) => together(splitBatches(script, 'a.sql'));
const table = (name: string, rest = ';') => `CREATE TABLE dbo.[${name}] (\n  [ID] int NOT NULL\n)${rest}`;
const script = (...batches: readonly string[]) => `${batches.join('\nGO\n\n')}\nGO\n`;

describe('sending batches together', () => {
  it('sends neighbouring tables in one round trip', () => {
    const sendings = sent(script(table('A'), table('B'), table('C')));
    expect(sendings.map(({ count }) => count)).toEqual([3]);
    expect(sendings[0]?.batch.sql.match(/CREATE TABLE/g)).toHaveLength(3);
  });

  it('sends neighbouring indexes in one round trip', () => {
    const sendings = sent(
      script(
        'CREATE UNIQUE NONCLUSTERED INDEX [UX_A] ON dbo.[A] ([ID]);',
        'CREATE INDEX IX_B ON B (X, Y DESC) INCLUDE ([Z])',
      ),
    );
    expect(sendings.map(({ count }) => count)).toEqual([2]);
  });

  it('keeps every line where it stands in the file, so that an error names the right one', () => {
    const text = `-- title: Tables\n\n${script(table('A'), `-- about B\n${table('B')}`, table('C'))}`;
    const [sending] = sent(text);
    const lines = text.split('\n');
    for (const [index, line] of (sending?.batch.sql.split('\n') ?? []).entries()) {
      const inFile = lines[(sending?.batch.line ?? 0) + index - 1];
      expect(line === '' || line === inFile, `line ${index}: ${line}`).toBe(true);
    }
    expect(sending?.batch.sql).toContain('about B');
  });

  it.each([
    ['a statement behind the table', table('X', '; INSERT INTO dbo.X VALUES (1)')],
    ['a statement without a semicolon between', table('X', ' SELECT 1')],
    ['a procedure, which must be the first statement of its batch', 'CREATE PROCEDURE dbo.p AS SELECT 1'],
    ['a change of a table', 'ALTER TABLE dbo.A ADD B int'],
    ['a filtered index, which depends on options', 'CREATE INDEX i ON dbo.A (B) WHERE B > 1'],
    ['an option of the session', 'SET QUOTED_IDENTIFIER OFF'],
    ['a block comment', `/* one\ntwo */\n${table('X')}`],
    ['a temporary table', 'CREATE TABLE #x (id int)'],
    ['a name in double quotes, which depends on an option', 'CREATE TABLE "x" (id int)'],
    ['brackets that stay open', 'CREATE TABLE dbo.x (id int'],
  ])('sends alone: %s', (_what, batch) => {
    const batches = [
      { sql: table('A'), line: 1 },
      { sql: batch, line: 10 },
      { sql: table('B'), line: 20 },
    ];
    expect(together(batches).map((sending) => sending.batch)).toEqual(batches);
  });

  it('is not misled by brackets and quotes in names, texts and comments', () => {
    const odd =
      "CREATE TABLE dbo.[a] (\n  [b)]] ( ] int, -- it's (\n  c nvarchar(9) DEFAULT (N'x); DROP ''TABLE') -- )\n)";
    expect(sent(script(odd, table('B'))).map(({ count }) => count)).toEqual([2]);
  });

  it('does not mistake a statement in front for a part of a comment', () => {
    expect(sent(script(`-- CREATE TABLE x (\nDROP TABLE x; ${table('A')}`, table('B')))).toHaveLength(2);
  });

  it('sends a batch that is repeated by GO 3 three times', () => {
    expect(sent('CREATE TABLE dbo.a (id int)\nGO 3\n').map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  it('leaves what the plan adds by itself', () => {
    const batches = [...splitBatches(script(table('A')), 'a.sql'), { sql: table('B'), line: 0 }];
    expect(together(batches)).toHaveLength(2);
  });

  it('breaks a long row of tables, so that progress is seen', () => {
    const sendings = sent(script(...Array.from({ length: 100 }, (_, index) => table(`T${index}`))));
    expect(sendings.length).toBeGreaterThan(2);
    expect(sendings.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  });
});
