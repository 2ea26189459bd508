import { describe, expect, test } from 'vitest';
import type { ColumnShape, TableShape } from '../../../../src/core/offline/tables/table-shape.ts';
import { plainNatives } from '../../../../src/core/sync/transfer/natives.ts';
import { narrows } from '../../../../src/core/sync/window/narrowing.ts';
import { openTable } from '../../../../src/core/sync/window/open-tables.ts';
import { wholeReason } from '../../../../src/core/sync/window/whole.ts';

/** 'numeric(32,16)', 'nvarchar(max)', 'int' as the catalog describes them. */
function column(declared: string, name = 'A'): ColumnShape {
  const [, type = '', first, second] = /^(\w+)(?:\((\w+)(?:,(\w+))?\))?$/.exec(declared) ?? [];
  const isText = ['nvarchar', 'nchar', 'varchar', 'char'].includes(type);
  const size = first === 'max' ? -1 : Number(first ?? 0) * (type.startsWith('n') && isText ? 2 : 1);
  const isExact = ['numeric', 'decimal'].includes(type);
  return {
    name,
    type,
    maxLength: size,
    precision: isExact ? Number(first) : type === 'float' ? Number(first ?? 53) : 0,
    scale: isExact
      ? Number(second ?? 0)
      : isText || type.endsWith('binary') || type === 'float'
        ? 0
        : Number(first ?? 0),
    isNullable: true,
    isIdentity: false,
    isComputed: false,
    collation: isText ? 'Latin1_General_CI_AS' : undefined,
    isDatabaseCollation: isText,
  };
}

describe('a column is narrower', () => {
  test.each([
    ['nvarchar(10)', 'nvarchar(9)'],
    ['nvarchar(max)', 'nvarchar(4000)'],
    ['nvarchar(10)', 'varchar(10)'],
    ['nvarchar(10)', 'nchar(10)'],
    ['nchar(5)', 'nchar(6)'],
    ['varbinary(8)', 'varbinary(4)'],
    ['varbinary(8)', 'binary(8)'],
    ['bigint', 'int'],
    ['int', 'numeric(9,0)'],
    ['numeric(32,16)', 'numeric(32,15)'],
    ['numeric(32,16)', 'numeric(31,16)'],
    ['numeric(32,16)', 'numeric(38,30)'],
    ['numeric(10,0)', 'bigint'],
    ['datetime', 'smalldatetime'],
    ['datetime2(7)', 'datetime2(3)'],
    ['datetime', 'datetime2(7)'],
    ['float(53)', 'float(24)'],
    ['float(53)', 'real'],
    ['money', 'smallmoney'],
    ['int', 'nvarchar(20)'],
    ['uniqueidentifier', 'varbinary(16)'],
  ])('%s into %s', (from, to) => expect(narrows(column(from), column(to))).toBe(true));
});

describe('a column is wide enough', () => {
  test.each([
    ['nvarchar(10)', 'nvarchar(10)'],
    ['nvarchar(10)', 'nvarchar(max)'],
    ['nchar(5)', 'nchar(5)'],
    ['nchar(5)', 'nvarchar(5)'],
    ['varchar(10)', 'nvarchar(10)'],
    ['binary(4)', 'varbinary(8)'],
    ['int', 'bigint'],
    ['bit', 'tinyint'],
    ['int', 'numeric(10,0)'],
    ['numeric(32,16)', 'numeric(34,17)'],
    ['decimal(10,2)', 'numeric(10,2)'],
    ['smalldatetime', 'datetime'],
    ['datetime2(3)', 'datetime2(7)'],
    ['real', 'float(53)'],
    ['smallmoney', 'money'],
    ['uniqueidentifier', 'uniqueidentifier'],
  ])('%s into %s', (from, to) => expect(narrows(column(from), column(to))).toBe(false));
});

const table = (...columns: readonly ColumnShape[]): TableShape => ({
  schema: 'dbo',
  name: 'T',
  columns: [{ ...column('int', 'ID'), isNullable: false }, ...columns],
  primaryKey: ['ID'],
  isClusteredOnKey: true,
});
const trackingId = 'AAAAAAAA-0000-0000-0000-000000000000';
const anchor = {
  timestamp: 10n,
  state: 'incremental',
  resumeKey: undefined,
  schemaHash: 'h',
  trackingId,
} as const;

test('a table with a column whose type does not travel is refused by its name', () => {
  const shape = table(column('xml'));
  const opened = openTable(
    { from: shape, to: shape, anchor: undefined, trackingId, cleanedUpTo: 0n, opposite: undefined },
    plainNatives,
  );
  expect(opened).toMatchObject({
    code: 'table-not-synchronisable',
    message: expect.stringContaining('A is of type xml'),
  });
});

test.each([
  ['an anchor that fits', {}, undefined],
  ['no anchor', { anchor: undefined }, 'first'],
  ['a comparison that was asked for', { anchor: { ...anchor, state: 'compare' } }, 'marked'],
  ['a first load that was not finished', { anchor: { ...anchor, state: 'initial' } }, 'marked'],
  ['a gap in the tracking', { trackingId: 'BBBBBBBB-0000-0000-0000-000000000000' }, 'tracking-gap'],
  ['the same tracking id in small letters', { trackingId: trackingId.toLowerCase() }, undefined],
  ['a clean-up up to the anchor', { cleanedUpTo: 10n }, undefined],
  ['a clean-up beyond the anchor', { cleanedUpTo: 11n }, 'cleaned-up'],
  ['other columns', { anchor: { ...anchor, schemaHash: 'other' } }, 'other-columns'],
] as const)('%s: whole = %s', (_, change, reason) => {
  expect(wholeReason({ anchor, trackingId, cleanedUpTo: 0n, ...change }, 'h')).toBe(reason);
});
