import { describe, expect, it } from 'vitest';
import { parseBatch } from '../../../src/practice/language/parser.ts';
import { problem, statement } from './parse-one.ts';

const kinds = (text: string) => parseBatch(text).statements.map((one) => one.kind);

describe('a batch', () => {
  it('needs no semicolons between most statements', () => {
    expect(kinds('select 1 select 2; ;; print 3 begin tran rollback')).toEqual([
      'query',
      'query',
      'print',
      'begin-transaction',
      'rollback',
    ]);
  });

  it('knows where each statement stood and what its text was', () => {
    const { statements } = parseBatch('set nocount on;\n  select 1 -- one\n;print 2');
    expect(statements.map(({ text, at }) => [text, at.line, at.offset])).toEqual([
      ['set nocount on', 1, 0],
      ['select 1', 2, 18],
      ['print 2', 3, 35],
    ]);
  });

  it('takes the settings that the driver sends after login', () => {
    const text = `set ansi_nulls on\nset ansi_null_dflt_on on\nset ansi_padding on\nset ansi_warnings on
      set arithabort on\nset concat_null_yields_null on\nset cursor_close_on_commit off\nset datefirst 7
      set dateformat mdy\nset implicit_transactions off\nset language us_english\nset numeric_roundabort off
      set quoted_identifier on\nset textsize 2147483647\nset transaction isolation level read committed
      set xact_abort off`;
    expect(kinds(text).filter((kind) => kind === 'set-option')).toHaveLength(11);
    expect(parseBatch(text).statements.at(-2)).toMatchObject({
      kind: 'set-isolation',
      level: 'read committed',
    });
  });

  it('changes the meaning of double quotes from SET QUOTED_IDENTIFIER on', () => {
    const { statements } = parseBatch('select "a"; set quoted_identifier off; select "a"');
    expect(statements[0]).toMatchObject({ query: { body: { items: [{ expression: { kind: 'column' } }] } } });
    expect(statements[2]).toMatchObject({
      query: { body: { items: [{ expression: { kind: 'literal' } }] } },
    });
  });

  it('begins with a call that needs no EXEC', () => {
    expect(statement("dbo.p 'x', @a = -1, @b = @c output")).toMatchObject({
      kind: 'execute',
      arguments: [{}, { name: '@a', value: { operator: '-' } }, { name: '@b', isOutput: true }],
    });
  });
});

describe('a control statement', () => {
  it('nests', () => {
    const text = `if @a = 1 begin while 1 = 1 begin break; end end; else begin try throw 50001, 'x', 1 end try
      begin catch if @@trancount > 0 rollback; throw end catch`;
    const parsed = statement(text);
    if (parsed.kind !== 'if') throw new Error(`not IF but ${parsed.kind}`);
    expect(parsed.then).toMatchObject({
      kind: 'block',
      statements: [{ kind: 'while', body: { statements: [{ kind: 'break' }] } }],
    });
    expect(parsed.otherwise).toMatchObject({
      kind: 'try',
      body: [{ kind: 'throw', arguments: [{}, {}, {}] }],
      handler: [{ kind: 'if' }, { kind: 'throw' }],
    });
  });

  it('declares several variables and tables', () => {
    expect(
      statement("declare @a int = 1, @b as nvarchar(10) = N'x', @t table (i int primary key)"),
    ).toMatchObject({
      kind: 'block',
      statements: [
        { kind: 'declare', variables: [{ name: '@a' }, { name: '@b' }] },
        { kind: 'declare-table', name: '@t' },
      ],
    });
  });

  it('runs procedures, texts and what a variable names', () => {
    expect(statement('exec @r = dbo.p default, x')).toMatchObject({
      returnTo: '@r',
      arguments: [{ value: { kind: 'default' } }, {}],
    });
    expect(statement("execute (N'select ' + @s)")).toMatchObject({
      target: { kind: 'text', text: { kind: 'binary' } },
    });
    expect(statement('exec @p')).toMatchObject({ target: { kind: 'procedure-variable', name: '@p' } });
  });

  it.each([
    ["raiserror ('a %d', 10, 1, @n) with nowait, log", { options: ['nowait', 'log'], arguments: [{}] }],
    ["waitfor delay '00:00:01'", { kind: 'waitfor-delay' }],
    ['begin transaction @name', { kind: 'begin-transaction', name: { variable: '@name' } }],
    ['save tran [a b]', { kind: 'save-transaction', name: 'a b' }],
    ['set identity_insert dbo.t on', { kind: 'set-identity-insert', value: true }],
    ['set ansi_nulls, quoted_identifier on', { options: ['ansi_nulls', 'quoted_identifier'] }],
    ['set lock_timeout -1', { kind: 'set-value', option: 'lock_timeout' }],
    ['set @x += 1', { kind: 'set-variable', operator: '+=' }],
    [
      "dbcc checkident ('t', reseed, 10) with no_infomsgs",
      { command: 'checkident', arguments: [{}, {}, {}] },
    ],
    ['use [my db]', { kind: 'use', database: 'my db' }],
    ['truncate table db..t', { kind: 'truncate', table: { database: 'db', name: 't' } }],
  ])('%s', (text, expected) => {
    expect(statement(text)).toMatchObject(expected);
  });

  it.each([
    ["print 'a'\nselec 1 b", 2, 102],
    ["print 'a' throw", 1, 102],
    ['throw', 1, 10704],
    ['begin end', 1, 156],
    ['break', 1, 135],
    ['continue', 1, 136],
    ['select 1\nreturn 5', 2, 178],
    ['select @x', 1, 137],
    ['set @x = 1', 1, 137],
    ['declare @x int\ndeclare @X int', 2, 134],
    ['declare @x int = 1, @y int = @x', 1, 137],
    ['select * from @t', 1, 1087],
    ['declare @a int\nselect @a = 1, 2', 2, 141],
    ['exec p @a = 1,\n2', 2, 119],
    ['exec p 1 output', 1, 179],
    ['if update(a) select 1', 1, 140],
    ["print 'a'\nGO\nprint 'b'", 2, 102],
    ['GO', 1, 102],
    ['begin try select 1 end try select 2', 1, 156],
    ['goto x', 1, 50103],
    ['declare c cursor for select 1', 1, 50102],
    ['backup database d to disk = 1', 1, 50191],
    ['set statistics io on', 1, 50190],
    ['select 1 option (use plan 1)', 1, 50190],
    ['select * from t with (nosuchhint)', 1, 50190],
  ])('%j is refused on line %i with %i', (text, line, number) => {
    expect(problem(text)).toMatchObject({ line, number });
  });

  it('leaves unknown variables to the engine when nobody said which there are', () => {
    expect(parseBatch('select @x').statements).toHaveLength(1);
    expect(parseBatch('select @x', { variables: ['@X'] }).statements).toHaveLength(1);
    expect(problem('select @x', { variables: ['@y'] }).number).toBe(137);
  });

  it('says in a refusal what it refuses', () => {
    expect(problem('declare c cursor for select 1')).toMatchObject({
      number: 50102,
      class: 16,
      text: 'Practice server: A cursor is not supported here.',
    });
    expect(problem('set statistics io on').text).toBe(
      'Practice server: SET STATISTICS IO is not supported here.',
    );
  });
});
