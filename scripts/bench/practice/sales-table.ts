import type { ResultColumn, Row, SqlType, Value } from '../../../src/practice/engine/types.ts';

const text = (length: number): SqlType => ({ kind: 'nvarchar', length });
const int: SqlType = { kind: 'int' };
const bigint: SqlType = { kind: 'bigint' };
const datetime: SqlType = { kind: 'datetime' };
const amount: SqlType = { kind: 'numeric', precision: 32, scale: 16 };

/** The shape of a sales line as shops have it: 26 columns, a key of three. */
const types: readonly (readonly [string, SqlType])[] = [
  ['TRANSACTIONID', text(44)],
  ['LINENUM', int],
  ['DATAAREAID', text(4)],
  ['STORE', text(10)],
  ['TERMINALID', text(10)],
  ['RECEIPTID', text(18)],
  ['BARCODE', text(80)],
  ['ITEMID', text(20)],
  ['PRICE', amount],
  ['NETPRICE', amount],
  ['QTY', amount],
  ['TAXAMOUNT', amount],
  ['DISCAMOUNT', amount],
  ['COSTAMOUNT', amount],
  ['TRANSDATE', datetime],
  ['CREATEDDATETIME', datetime],
  ['TRANSTIME', int],
  ['STAFFID', text(25)],
  ['UNIT', text(10)],
  ['TRANSACTIONSTATUS', int],
  ['COMMENT', text(60)],
  ['VARIANTID', text(20)],
  ['CURRENCY', text(3)],
  ['PRICECHANGE', int],
  ['RECID', bigint],
  ['PACKED', { kind: 'varbinary', length: 16 }],
];

const keyColumns = 3;

export const salesColumns: readonly ResultColumn[] = types.map(([name, type], i) => ({
  name,
  type,
  isNullable: i >= keyColumns,
}));

/** One row in the engine's representation; every row has texts, numbers and bytes of its own. */
export function salesRow(i: number): Row {
  const values: Value[] = [
    `HOUSTON-HOUSTON-1-${i}`,
    i % 100,
    'usrt',
    'HOUSTON',
    `HOUSTON-${i % 10}`,
    `R${i}`,
    `BAR${1_000_000 + i}`,
    `ITEM${i % 5000}`,
    BigInt(i) * 1_250_000_000_000_000n,
    BigInt(i) * 1_000_000_000_000_000n,
    10_000_000_000_000_000n,
    BigInt(i) * 250_000_000_000_000n,
    0n,
    BigInt(i) * 900_000_000_000_000n,
    1_000_000_000 + i * 300,
    1_000_000_000 + i * 301,
    i % 86_400,
    `00016${i % 8}`,
    'Ea',
    i % 3,
    `line ${i} of the day`,
    `V${i % 40}`,
    'USD',
    0,
    BigInt(5_637_144_576 + i),
    Buffer.from([i & 255, (i >> 8) & 255, (i >> 16) & 255, 7]),
  ];
  return values;
}
