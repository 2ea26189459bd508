import { describe, expect, it } from 'vitest';
import { conditionDefinition, expressionDefinition } from '../../../src/practice/catalog/definition-text.ts';
import { parsed, parsedCondition } from './model.ts';

describe('the stored text of a default or computed column', () => {
  it.each([
    ['0', '((0))'],
    ['-1', '((-1))'],
    ["'x'", "('x')"],
    ["N'it''s'", "(N'it''s')"],
    ['NULL', '(NULL)'],
    ['GETDATE()', '(getdate())'],
    ['CURRENT_TIMESTAMP', '(getdate())'],
    ['a * 2', '([a]*(2))'],
    ['(a + b) * 2', '(([a]+[b])*(2))'],
    ['a + b * 2', '([a]+[b]*(2))'],
    ['a - (b - 1)', '([a]-([b]-(1)))'],
    ['cast(a as varchar(10))', '(CONVERT([varchar](10),[a]))'],
    ['isnull(a, 0)', '(isnull([a],(0)))'],
    ['case when a > 0 then 1 else 0 end', '(case when [a]>(0) then (1) else (0) end)'],
    ['dateadd(DAY, 1, getdate())', '(dateadd(day,(1),getdate()))'],
    ['dbo.f(a)', '([dbo].[f]([a]))'],
  ])('writes %s as %s', (source, stored) => {
    expect(expressionDefinition(parsed(source))).toBe(stored);
  });
});

describe('the stored text of a check or filter', () => {
  it.each([
    ['a > 0', '([a]>(0))'],
    ['b is not null', '([b] IS NOT NULL)'],
    ['a > 0 and b < 5', '([a]>(0) AND [b]<(5))'],
    ['(a = 1 or b = 2) and c = 3', '(([a]=(1) OR [b]=(2)) AND [c]=(3))'],
    ['a between 1 and 5', '([a]>=(1) AND [a]<=(5))'],
    ["a in ('x', 'y', 'z')", "([a]='z' OR [a]='y' OR [a]='x')"],
    ["a like 'x%'", "([a] like 'x%')"],
    ['not a = 1', '(NOT [a]=(1))'],
  ])('writes %s as %s', (source, stored) => {
    expect(conditionDefinition(parsedCondition(source))).toBe(stored);
  });
});
