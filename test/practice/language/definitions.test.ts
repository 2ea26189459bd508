import { describe, expect, it } from 'vitest';
import { problem, statement } from './parse-one.ts';

describe('a definition', () => {
  it('has every property of a column', () => {
    const text = `create table dbo.t (
      id int identity(1, -1) not null constraint pk primary key clustered with (fillfactor = 80) on [primary],
      name nvarchar(10) collate Latin1_General_CI_AS null default (N'x') with values,
      g uniqueidentifier rowguidcol not null constraint df default newid() unique,
      total as (a * 2) persisted not null,
      timestamp,
      p int references dbo.p (id) on delete cascade on update set null check (p > 0),
      constraint fk foreign key (id, p) references q,
      primary key nonclustered (id asc, name desc),
      index ix unique (name) include (p) where p is not null,
    ) on [primary] textimage_on [primary]`;
    expect(statement(text)).toMatchObject({
      kind: 'create-table',
      definition: {
        columns: [
          {
            identity: { seed: 1n, increment: -1n },
            isNullable: false,
            constraints: [{ kind: 'primary-key', name: 'pk', isClustered: true, columns: [{ name: 'id' }] }],
          },
          {
            collation: 'Latin1_General_CI_AS',
            isNullable: true,
            constraints: [{ kind: 'default', text: "(N'x')", column: 'name', withValues: true }],
          },
          { isRowGuid: true, constraints: [{ name: 'df', text: 'newid()' }, { kind: 'unique' }] },
          { computed: { text: '(a * 2)', isPersisted: true }, isNullable: false },
          { name: { text: 'timestamp' }, type: { name: 'timestamp' } },
          {
            constraints: [
              { kind: 'foreign-key', columns: ['p'], onDelete: 'cascade', onUpdate: 'set null' },
              { kind: 'check', text: 'p > 0' },
            ],
          },
        ],
        constraints: [
          { name: 'fk', columns: ['id', 'p'], referencedColumns: [] },
          { isClustered: false, columns: [{ descending: false }, { descending: true }] },
        ],
        indexes: [{ name: 'ix', isUnique: true, include: ['p'], filter: { text: 'p is not null' } }],
      },
    });
  });

  it.each([
    [
      'add a int null, constraint df default 0 for b',
      { kind: 'add', columns: [{}], constraints: [{ column: 'b' }] },
    ],
    ['with nocheck add check (a > 0)', { kind: 'add', check: false }],
    ['alter column a nvarchar(20) not null', { kind: 'alter-column', column: 'a', isNullable: false }],
    ['alter column g drop rowguidcol', { kind: 'alter-column-rowguid', add: false }],
    [
      'drop column a, b, constraint c',
      { items: [{ kind: 'column' }, { kind: 'column', name: 'b' }, { kind: 'constraint' }] },
    ],
    ['drop pk', { items: [{ kind: 'constraint', name: 'pk' }] }],
    ['nocheck constraint all', { kind: 'check-constraints', enable: false, names: 'all' }],
    ['with check check constraint c', { enable: true, withCheck: true, names: ['c'] }],
    ['disable trigger tr', { kind: 'triggers', enable: false, names: ['tr'] }],
    ['set (lock_escalation = table)', { kind: 'set', options: { lock_escalation: 'table' } }],
  ])('ALTER TABLE t %s', (text, change) => {
    expect(statement(`alter table t ${text}`)).toMatchObject({ kind: 'alter-table', change });
  });

  it.each([
    ['recovery simple', { recovery: 'simple' }],
    ['allow_snapshot_isolation on', { allow_snapshot_isolation: true }],
    ['page_verify checksum, auto_close off', { page_verify: 'checksum', auto_close: false }],
    ['compatibility_level = 100', { compatibility_level: 100 }],
    ['single_user with rollback immediate', { single_user: true }],
  ])('ALTER DATABASE d SET %s', (text, options) => {
    expect(statement(`alter database d set ${text}`)).toMatchObject({ change: { kind: 'set', options } });
  });

  it('creates a database with files', () => {
    const text = `create database [d] on primary (name = N'd', filename = N'd.mdf', size = 10MB, filegrowth = 10%)
      log on (name = l, maxsize = unlimited) collate Latin1_General_CI_AS`;
    expect(statement(text)).toMatchObject({
      name: 'd',
      collation: 'Latin1_General_CI_AS',
      options: {
        'data.name': 'd',
        'data.size': '10MB',
        'data.filegrowth': '10%',
        'log.maxsize': 'unlimited',
      },
    });
  });

  it('creates, alters and drops indexes', () => {
    expect(
      statement(
        'create unique clustered index ix on dbo.t (a, b desc) with (online = off, maxdop = 2) on [primary]',
      ),
    ).toMatchObject({
      kind: 'create-index',
      index: { isUnique: true, isClustered: true, options: { online: false, maxdop: 2 } },
    });
    expect(statement('alter index all on t rebuild')).toMatchObject({ index: 'all', action: 'rebuild' });
    expect(statement('drop index ix on dbo.t, dbo.u.iy')).toMatchObject({
      indexes: [
        { name: 'ix', table: { schema: 'dbo', name: 't' } },
        { name: 'iy', table: { schema: 'dbo', name: 'u' } },
      ],
    });
  });

  it('takes the whole batch as the text of a module', () => {
    const text =
      "create procedure dbo.p @a int = 5, @b nvarchar(10) output as\nselect @a; set @b = N'x'\n-- the end";
    const parsed = statement(`-- before\n${text}`);
    expect(parsed).toMatchObject({
      kind: 'create-procedure',
      parameters: [
        { name: '@a', default: {} },
        { name: '@b', isOutput: true },
      ],
      body: [{ kind: 'query', text: 'select @a' }, { kind: 'set-variable' }],
    });
    expect(parsed.text).toBe(text);
  });

  it('parses views, functions and triggers', () => {
    expect(
      statement('create or alter view v (x) with schemabinding as with c as (select 1 a) select a from c'),
    ).toMatchObject({
      kind: 'create-view',
      columns: ['x'],
      isOrAlter: true,
      isSchemaBound: true,
      query: { with: [{ name: 'c' }] },
    });
    expect(statement('create function dbo.f(@n int) returns table as return (select @n n)')).toMatchObject({
      returns: { kind: 'inline-table' },
    });
    expect(statement('alter function f() returns int as begin return 1 end')).toMatchObject({
      isAlter: true,
      returns: { kind: 'scalar', type: { name: 'int' } },
    });
    expect(
      statement(
        'create trigger tr on t for insert, update as if update(a) and exists (select 1 from inserted) return',
      ),
    ).toMatchObject({
      kind: 'create-trigger',
      timing: 'after',
      events: ['insert', 'update'],
      body: [{ kind: 'if', condition: { left: { kind: 'update-of', column: 'a' } } }],
    });
  });

  it.each([
    ['select 1 create view v as select 1 a', 111],
    ['create view v as select 1 a select 2', 156],
    ['create view v as select 1 a order by 1', 1033],
    ['create table t (a)', 173],
    ['create table t (a varchar(0))', 1001],
    ['create procedure p as select @nosuch', 137],
    ['declare @x int\ngo\ncreate procedure p as select 1', 102],
    ['create function f() returns int as begin declare @a int end', 455],
    ['create function f() returns @t table (a int) as begin return end', 50135],
    ['create view v with encryption as select 1 a', 50132],
    ['create sequence s', 50191],
    ['create index i on t (a) with (compression_delay = 1)', 50190],
    ['alter database d set query_store = on', 50190],
    ['create blob x', 102],
  ])('%j is refused with %i', (text, number) => {
    expect(problem(text).number).toBe(number);
  });
});
