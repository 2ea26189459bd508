import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowCopier, type RowRun } from '../../../../src/core/sync/transfer/raw/row-copier.ts';

/** Bytes as servers and bulk loads spell them ([MS-TDS] 2.2.5.2, 2.2.7.4, 2.2.7.14, 2.2.7.19). */
type Column = {
  /** TYPE_INFO of the answer. */
  readonly info: readonly number[];
  readonly value: fc.Arbitrary<Buffer>;
  readonly isNullable: boolean;
  /** As the answer spells a value, and as the bulk load does. */
  readonly sent: (value: Buffer | null) => Buffer;
  readonly loaded: (value: Buffer | null) => Buffer;
};

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const behindByte = (value: Buffer | null) =>
  value === null ? Buffer.from([0]) : Buffer.concat([Buffer.from([value.length]), value]);
const behindTwo = (value: Buffer | null) =>
  value === null ? u16(0xffff) : Buffer.concat([u16(value.length), value]);
const inChunks =
  (isKnown: boolean) =>
  (value: Buffer | null): Buffer => {
    if (value === null) return Buffer.alloc(8, 0xff);
    const length = isKnown
      ? Buffer.concat([u32(value.length), u32(0)])
      : Buffer.from('feffffffffffffff', 'hex');
    const half = value.length >> 1;
    const parts = [value.subarray(0, half), value.subarray(half)].filter((part) => part.length > 0);
    return Buffer.concat([length, ...parts.flatMap((part) => [u32(part.length), part]), u32(0)]);
  };
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

const nvarchar = [0xe7, 40, 0, 9, 4, 0xd0, 0, 0x34];
const max = [0xe7, 0xff, 0xff, 9, 4, 0xd0, 0, 0x34];
const columns: readonly Column[] = [
  { info: [0x32], value: bytes(1, 1), isNullable: false, sent: (value) => value!, loaded: behindByte },
  { info: [0x38], value: bytes(4, 4), isNullable: false, sent: (value) => value!, loaded: behindByte },
  { info: nvarchar, value: bytes(0, 40), isNullable: true, sent: behindTwo, loaded: behindTwo },
  { info: [0x6c, 17, 32, 16], value: bytes(17, 17), isNullable: true, sent: behindByte, loaded: behindByte },
  { info: max, value: bytes(0, 200), isNullable: true, sent: inChunks(true), loaded: inChunks(true) },
  { info: [0x3d], value: bytes(8, 8), isNullable: false, sent: (value) => value!, loaded: behindByte },
  { info: max, value: bytes(0, 200), isNullable: true, sent: inChunks(false), loaded: inChunks(false) },
  { info: [0x28], value: bytes(3, 3), isNullable: true, sent: behindByte, loaded: behindByte },
  { info: [0xa5, 50, 0], value: bytes(0, 50), isNullable: true, sent: behindTwo, loaded: behindTwo },
];

const metadata = Buffer.concat([
  Buffer.from([0x81]),
  u16(columns.length),
  ...columns.map(({ info, isNullable }) =>
    Buffer.from([0, 0, 0, 0, isNullable ? 1 : 0, 0, ...info, 1, 0x63, 0]),
  ),
]);
const done = Buffer.from([0xfd, 0x10, 0, 0xc1, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

type Row = { readonly values: readonly (Buffer | null)[]; readonly isCompressed: boolean };
const row: fc.Arbitrary<Row> = fc.record({
  values: fc.tuple(...columns.map(({ value, isNullable }) => (isNullable ? fc.option(value) : value))),
  isCompressed: fc.boolean(),
});

function sent({ values, isCompressed }: Row): Buffer {
  if (!isCompressed)
    return Buffer.concat([Buffer.from([0xd1]), ...columns.map(({ sent }, index) => sent(values[index]!))]);
  const bitmap = Buffer.alloc((columns.length + 7) >> 3);
  values.forEach((value, index) => {
    if (value === null) bitmap[index >> 3]! |= 1 << (index & 7);
  });
  const there = columns.flatMap(({ sent }, index) => (values[index] === null ? [] : [sent(values[index]!)]));
  return Buffer.concat([Buffer.from([0xd2]), bitmap, ...there]);
}
const loaded = ({ values }: Row): Buffer =>
  Buffer.concat([Buffer.from([0xd1]), ...columns.map(({ loaded }, index) => loaded(values[index]!))]);

/** What the copier makes of the bytes when they come in pieces of these sizes. */
function copied(answer: Buffer, sizes: readonly number[]): { readonly bytes: Buffer; readonly rows: number } {
  const options = {
    tdsVersion: '7_4',
    useUTC: true,
    lowerCaseGuids: false,
    useColumnNames: false,
    camelCaseColumns: false,
  };
  const copier = new RowCopier(options as ConstructorParameters<typeof RowCopier>[0]);
  const runs: RowRun[] = [];
  let at = 0;
  for (let piece = 0; at < answer.length; piece += 1) {
    const size = sizes[piece % sizes.length]!;
    copier.write(answer.subarray(at, at + size));
    at += size;
    for (let token = copier.read(); token !== undefined; token = copier.read())
      if (token.name === 'ROW') runs.push((token as unknown as { readonly columns: RowRun }).columns);
  }
  copier.end();
  return {
    bytes: Buffer.concat(runs.flatMap((run) => [Buffer.from([0xd1]), run.bytes])),
    rows: runs.reduce((sum, run) => sum + run.rows, 0),
  };
}

test('rows come out as a bulk load spells them, however the bytes of the answer are cut', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
      (rows, sizes) => {
        const answer = Buffer.concat([metadata, ...rows.map(sent), done]);
        expect(copied(answer, sizes)).toEqual({ bytes: Buffer.concat(rows.map(loaded)), rows: rows.length });
      },
    ),
    { numRuns: 300 },
  );
});

test('many rows make several runs and none is lost', () => {
  const rows = fc.sample(row, { numRuns: 3000, seed: 3 });
  const { bytes, rows: count } = copied(Buffer.concat([metadata, ...rows.map(sent), done]), [16_000]);
  expect(count).toBe(3000);
  expect(bytes.equals(Buffer.concat(rows.map(loaded)))).toBe(true);
});
