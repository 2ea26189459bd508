/** A row as a line of JSON. What JSON has no form for stands in an object of one key. */

import type { Row, Value } from '../engine/types.ts';

type Cell = null | boolean | number | string | { readonly [kind: string]: unknown };

const toCell = (value: Value): Cell => {
  if (typeof value === 'bigint') return { n: String(value) };
  if (typeof value === 'number' && Object.is(value, -0)) return { z: true };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { x: Buffer.from(value).toString('base64') };
  if ('utc' in value) return { o: [String(value.utc), value.offset] };
  return { v: [value.type, toCell(value.value)] };
};

const fromCell = (cell: Cell): Value => {
  if (typeof cell !== 'object' || cell === null) return cell;
  const { n, z, x, o, v } = cell;
  if (typeof n === 'string') return BigInt(n);
  if (z === true) return -0;
  if (typeof x === 'string') return Buffer.from(x, 'base64');
  if (Array.isArray(o)) return { utc: BigInt(o[0]), offset: o[1] };
  if (Array.isArray(v)) return { type: v[0], value: fromCell(v[1]) } as Value;
  throw new Error('a value that cannot be read');
};

export const rowText = (row: Row): string => JSON.stringify(row.map(toCell));
/** Throws on a text that is no row. */
export const rowOf = (text: string): Value[] => (JSON.parse(text) as Cell[]).map(fromCell);
