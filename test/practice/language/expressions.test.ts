import { describe, expect, it } from 'vitest';
import { condition, expression, problem, shape } from './parse-one.ts';

describe('an expression', () => {
  it.each([
    ['1+2*3', '(1 + (2 * 3))'],
    ['1-2-3', '((1 - 2) - 3)'],
    ['a & b + c', '((a & b) + c)'],
    ['(1+2)*3', '((1 + 2) * 3)'],
    ['-a*b', '(-(a * b))'],
    ['-100.0/-100.0*10.0', '(-(100.0 / (-(100.0 * 10.0))))'],
    ['~a+1', '((~a) + 1)'],
    ['- -1', '(-(-1))'],
    ['a + b collate Latin1_General_CI_AS', '(a + (b collate Latin1_General_CI_AS))'],
    ['dbo.f(t.a, 1)', 'f(t.a, 1)'],
    ['count(*)', 'count(*)'],
    ['left(a, 1) + coalesce(b, c)', '(left(a, 1) + coalesce(b, c))'],
    ['db..t.a', 'db..t.a'],
    ['$identity', '$identity'],
    ['dateadd(day, 1, d)', 'dateadd(day, 1, d)'],
  ])('%s groups as %s', (text, grouped) => {
    expect(shape(expression(text))).toBe(grouped);
  });

  it('keeps literals as written', () => {
    expect(expression("N'a''b'")).toMatchObject({ value: { type: 'string', text: "a'b", isUnicode: true } });
    expect(expression('0.10')).toMatchObject({ value: { type: 'decimal', text: '0.10' } });
    expect(expression('0x1')).toMatchObject({ value: { type: 'binary', hex: '01' } });
  });

  it('takes double quotes as a name or a string, as QUOTED_IDENTIFIER has it', () => {
    expect(expression('"a"')).toMatchObject({ kind: 'column', parts: ['a'] });
    expect(expression('"a"', { quotedIdentifier: false })).toMatchObject({
      kind: 'literal',
      value: { text: 'a' },
    });
  });

  it('turns CAST, CONVERT and their TRY forms into one shape', () => {
    expect(expression('cast(a as numeric(32, 16))')).toMatchObject({
      kind: 'cast',
      type: { name: 'numeric', arguments: [32, 16] },
      isTry: false,
      form: 'cast',
    });
    expect(expression('try_convert(nvarchar(max), a, 121)')).toMatchObject({
      type: { name: 'nvarchar', arguments: ['max'] },
      style: { value: { text: '121' } },
      isTry: true,
      form: 'convert',
    });
  });

  it.each([
    ['double precision', 'float', [53]],
    ['national character varying(5)', 'nvarchar', [5]],
    ['char varying(5)', 'varchar', [5]],
    ['INTEGER', 'int', []],
    ['dec(5,2)', 'decimal', [5, 2]],
    ['[int]', 'int', []],
  ])('knows the type %s as %s', (written, name, facets) => {
    expect(expression(`cast(a as ${written})`)).toMatchObject({ type: { name, arguments: facets } });
  });

  it('parses both forms of CASE, and IIF as the searched one', () => {
    expect(expression('case a when 1 then 2 end')).toMatchObject({ kind: 'simple-case' });
    const searched = {
      kind: 'case',
      branches: [{ when: { kind: 'comparison' } }],
      otherwise: { kind: 'literal' },
    };
    expect(expression('case when a = 1 then 2 else 3 end')).toMatchObject(searched);
    expect(expression('iif(a = 1, 2, 3)')).toMatchObject(searched);
  });

  it('parses windows and WITHIN GROUP', () => {
    expect(expression('row_number() over (partition by a order by b desc)')).toMatchObject({
      over: { partitionBy: [{ parts: ['a'] }], orderBy: [{ descending: true }] },
    });
    expect(expression('sum(a) over (order by b rows between 2 preceding and current row)')).toMatchObject({
      over: { frame: { unit: 'rows', from: { kind: 'preceding', rows: 2 }, to: { kind: 'current-row' } } },
    });
    expect(expression("string_agg(a, ',') within group (order by b)")).toMatchObject({ withinGroup: [{}] });
  });

  it('parses a subquery in any number of parentheses, and a set operation that begins with one', () => {
    expect(expression('((select 1)) + 1')).toMatchObject({ kind: 'binary', left: { kind: 'subquery' } });
    expect(expression('((select 1) union (select 2))')).toMatchObject({
      kind: 'subquery',
      query: { body: { kind: 'set-operation', operator: 'union' } },
    });
  });

  it('knows the xml idiom that joins strings', () => {
    const joined = "(select ',' + a from t for xml path(''), type).value('.', 'nvarchar(max)')";
    expect(expression(joined)).toMatchObject({
      kind: 'cast',
      type: { name: 'nvarchar', arguments: ['max'] },
      operand: { query: { forXmlPath: { element: '', isTyped: true } } },
    });
  });

  it('survives parentheses without end', () => {
    expect(problem(`select ${'('.repeat(10_000)}1`).number).toBe(191);
    expect(problem('begin '.repeat(10_000)).number).toBe(191);
  });
});

describe('a condition', () => {
  it.each([
    ['a = 1 or b = 2 and not c = 3', '((a = 1) or ((b = 2) and (not (c = 3))))'],
    ['(a = 1 or b = 2) and c = 3', '(((a = 1) or (b = 2)) and (c = 3))'],
    ['(a + 1) * 2 >= ((b))', '(((a + 1) * 2) >= b)'],
    ['((a)) is not null', '(a is not null)'],
    ['a between 1 and 2 and b = 1', '((a between 1 and 2) and (b = 1))'],
    ['a != 1', '(a <> 1)'],
    ['a !< 1', '(a >= 1)'],
  ])('%s groups as %s', (text, grouped) => {
    expect(shape(condition(text))).toBe(grouped);
  });

  it('parses LIKE, IN, EXISTS and quantified comparisons', () => {
    expect(condition("a not like 'x!%' escape '!'")).toMatchObject({
      kind: 'like',
      isNegated: true,
      escape: {},
    });
    expect(condition('a in (1, 2)')).toMatchObject({ kind: 'in-list', isNegated: false });
    expect(condition('a not in (select 1)')).toMatchObject({ kind: 'in-query', isNegated: true });
    expect(condition('a in ((select 1))')).toMatchObject({ query: { body: { kind: 'select' } } });
    expect(condition('a in ((select 1) union (select 2))')).toMatchObject({
      query: { body: { operator: 'union' } },
    });
    expect(condition('((select 1) union (select 1)) = 1')).toMatchObject({ left: { kind: 'subquery' } });
    expect(condition('exists (select 1)')).toMatchObject({ kind: 'exists' });
    expect(condition('a > some (select 1)')).toMatchObject({ kind: 'quantified', quantifier: 'any' });
  });

  it('is not what an expression is, and the other way round', () => {
    expect(problem('select 1 where 1').number).toBe(4145);
    expect(problem('select 1 where (1) and 1 = 1').number).toBe(4145);
    expect(problem('select (1 = 1)').number).toBe(102);
  });
});
