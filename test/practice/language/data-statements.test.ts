import { describe, expect, it } from 'vitest';
import { problem, statement } from './parse-one.ts';

describe('a data statement', () => {
  it('inserts from every source', () => {
    expect(statement('insert into dbo.t with (tablock) (a, [b]) values (1, default), (2, 3)')).toMatchObject({
      kind: 'insert',
      target: { name: { name: 't' }, hints: ['tablock'] },
      columns: [{ text: 'a' }, { text: 'b' }],
      source: {
        kind: 'values',
        rows: [
          [{}, { kind: 'default' }],
          [{}, {}],
        ],
      },
    });
    expect(statement('insert t select 1 union select 2')).toMatchObject({ source: { kind: 'query' } });
    expect(statement('insert t (select 1)')).toMatchObject({ source: { kind: 'query' } });
    expect(statement("insert @t exec dbo.p 1, 'x'")).toMatchObject({
      target: { kind: 'table-variable', name: '@t' },
      source: { kind: 'execute', execute: { arguments: [{}, {}] } },
    });
    expect(statement('insert t default values')).toMatchObject({ source: { kind: 'default-values' } });
  });

  it('updates columns and variables', () => {
    expect(
      statement('update top (1) x set x.a = 1, b += 2, @v = c = 3, @w = 4 from t x where a = 1'),
    ).toMatchObject({
      kind: 'update',
      top: {},
      set: [
        { kind: 'column', column: ['x', 'a'], operator: '=' },
        { kind: 'column', column: ['b'], operator: '+=' },
        { kind: 'column', column: ['c'], variable: '@v' },
        { kind: 'variable', variable: '@w' },
      ],
      from: [{ alias: 'x' }],
      where: {},
    });
  });

  it('deletes with OUTPUT to a table and to the client', () => {
    expect(
      statement('delete from t output deleted.a into @o (x) output deleted.* from t join u on 1 = 1'),
    ).toMatchObject({
      kind: 'delete',
      output: {
        into: { target: { name: '@o' }, columns: [{ text: 'x' }], items: [{}] },
        items: [{ kind: 'star', qualifier: ['deleted'] }],
      },
      from: [{ kind: 'join' }],
    });
  });

  it('has common tables before it', () => {
    expect(statement('with c as (select 1 a) delete c')).toMatchObject({
      kind: 'delete',
      with: [{ name: 'c' }],
    });
  });

  it('reads INSERT BULK as a driver sends it', () => {
    const text =
      'insert bulk [dbo].[T]([id] int, [s] nvarchar(max) COLLATE Latin1_General_CI_AS) with (KEEP_NULLS, ROWS_PER_BATCH = 5)';
    expect(statement(text)).toMatchObject({
      kind: 'insert-bulk',
      table: { schema: 'dbo', name: 'T' },
      columns: [
        { type: { name: 'int' } },
        { type: { arguments: ['max'] }, collation: 'Latin1_General_CI_AS' },
      ],
      options: ['keep_nulls', 'rows_per_batch'],
    });
  });

  it.each([
    ['insert t(a, b) values (1)', 109],
    ['insert t(a) values (1, 2)', 110],
    ['insert t values (1, 2), (3)', 10709],
    ['insert @nosuch values (1)', 1087],
    ['merge t using s on 1 = 1 when matched then delete', 10713],
    ['merge t using s on 1 = 1 when matched then insert values (1);', 10711],
    ['merge t using s on 1 = 1 when matched and 1 = 1 then delete when matched then delete;', 10714],
    ['merge t using s on 1 = 1 when matched then delete when matched then update set a = 1;', 5324],
    ['update statistics t', 50124],
    ['update t set a.write(1, 2, 3)', 50123],
  ])('%s is refused with %i', (text, number) => {
    expect(problem(text).number).toBe(number);
  });
});
