import { describe, expect, it } from 'vitest';
import { problem, query } from './parse-one.ts';

describe('a query', () => {
  it('has every clause of SELECT', () => {
    const text = `select distinct top (5) with ties a as x, y = b, t.*, 1 'z' into #n from dbo.t as t
      where a = 1 group by a, b having count(*) > 1 order by a desc, 2`;
    expect(query(text)).toMatchObject({
      body: {
        kind: 'select',
        distinct: true,
        top: { isPercent: false, withTies: true },
        items: [{ alias: 'x' }, { alias: 'y' }, { kind: 'star', qualifier: ['t'] }, { alias: 'z' }],
        into: { name: '#n' },
        from: [{ kind: 'table', name: { schema: 'dbo', name: 't' }, alias: 't', hints: [] }],
        groupBy: [{}, {}],
      },
      orderBy: [{ descending: true }, { descending: false }],
    });
  });

  it('lets INTERSECT bind before UNION and EXCEPT, which go from left to right', () => {
    expect(query('select 1 union all select 2 except select 3 intersect select 4').body).toMatchObject({
      operator: 'except',
      left: { operator: 'union-all' },
      right: { operator: 'intersect' },
    });
    expect(query('(select 1 union select 2) intersect select 3').body).toMatchObject({
      operator: 'intersect',
      left: { operator: 'union' },
    });
  });

  it('orders the whole of a set operation', () => {
    expect(query('select 1 a union select 2 order by a offset 1 rows fetch next 2 rows only')).toMatchObject({
      body: { kind: 'set-operation' },
      orderBy: [{}],
      offset: { skip: {}, fetch: {} },
    });
  });

  it('nests joins by where their ON stands', () => {
    expect(query('select * from a join b on 1 = 1 left join c on 2 = 2').body).toMatchObject({
      from: [{ type: 'left', left: { type: 'inner' }, right: { name: { name: 'c' } } }],
    });
    expect(query('select * from a join b left outer join c on 2 = 2 on 1 = 1').body).toMatchObject({
      from: [{ type: 'inner', left: { name: { name: 'a' } }, right: { type: 'left' } }],
    });
    expect(query('select * from a full join (b cross join c) on 1 = 1, d').body).toMatchObject({
      from: [{ type: 'full', right: { type: 'cross' } }, { kind: 'table' }],
    });
  });

  it('takes APPLY, functions, VALUES and derived tables as sources', () => {
    expect(query('select * from t cross apply dbo.f(t.a) x outer apply (select 1 b) y').body).toMatchObject({
      from: [
        { kind: 'apply', type: 'outer', left: { type: 'cross', right: { kind: 'function', alias: 'x' } } },
      ],
    });
    expect(query('select * from (values (1, 2), (3, 4)) v(a, b)').body).toMatchObject({
      from: [{ kind: 'derived', alias: 'v', columns: ['a', 'b'], query: { body: { kind: 'values' } } }],
    });
    expect(query('select * from ((select 1 a) union (select 2)) x').body).toMatchObject({
      from: [{ kind: 'derived', query: { body: { operator: 'union' } } }],
    });
    expect(query('select * from ((select 1 a) x join t on 1 = 1)').body).toMatchObject({
      from: [{ kind: 'join', left: { kind: 'derived', alias: 'x' } }],
    });
  });

  it('tells old table hints from the arguments of a function', () => {
    expect(query('select * from t (nolock) where 1 = 1').body).toMatchObject({
      from: [{ kind: 'table', hints: ['nolock'] }],
    });
    expect(query('select * from t x with (updlock, holdlock, index(1))').body).toMatchObject({
      from: [{ alias: 'x', hints: ['updlock', 'holdlock', 'index'] }],
    });
    expect(query('select * from f(1)').body).toMatchObject({ from: [{ kind: 'function' }] });
  });

  it('has common tables and hints', () => {
    expect(
      query('with a as (select 1 x), b(y) as (select x from a) select * from b option (maxrecursion 5)'),
    ).toMatchObject({
      with: [{ name: 'a' }, { name: 'b', columns: ['y'] }],
      options: [{ name: 'maxrecursion', value: 5 }],
    });
  });

  it('assigns to variables', () => {
    expect(query('select @a = 1, @b += 2').body).toMatchObject({
      items: [
        { kind: 'assignment', variable: '@a', operator: '=' },
        { kind: 'assignment', variable: '@b', operator: '+=' },
      ],
    });
  });

  it.each([
    ['select * from (select 1 a)', 102],
    ['select * from (select 1 a order by 1) x', 1033],
    ['select 1 a with c as (select 1 x) select * from c', 319],
    ['select * from t with c as (select 1 x) select * from c', 336],
    ['select from t', 156],
    ['select 1)', 102],
    ['(select 1 a order by a) union select 2', 156],
    ['select * from a.b.c.d', 50117],
  ])('%s is refused with %i', (text, number) => {
    expect(problem(text).number).toBe(number);
  });
});
