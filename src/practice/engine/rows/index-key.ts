/** Keys under which rows are found in hash indexes and hash joins. */

import { equalityKeyOf } from '../scalar/index.ts';
import type { Row, SqlType, Value } from '../types.ts';
import type { IndexKey } from './row-index.ts';

export type Part = string | number | bigint | boolean | null;

/** One key of several parts: unambiguous whatever the parts hold. NULL equals NULL, as in a unique index. */
export const combine = (parts: readonly Part[]): IndexKey => {
  if (parts.length === 1) return parts[0] ?? null;
  let key = '';
  for (const part of parts) {
    if (part === null) key += 'n';
    else if (typeof part === 'string') key += `s${part.length}:${part}`;
    else key += `v${part};`;
  }
  return key;
};

/** The same for comparisons, where NULL equals nothing: null as soon as one part is NULL. */
export const joinKey = (parts: readonly Part[]): IndexKey => {
  for (const part of parts) if (part === null) return null;
  return combine(parts);
};

/** Turns a value of the type into a part of a key. */
export const partMaker = (type: SqlType): ((value: Value) => Part) => {
  const key = equalityKeyOf(type);
  return (value) => (value === null ? null : key(value));
};

/** The key of a row over these columns, of these types. */
export const rowKey = (ordinals: readonly number[], types: readonly SqlType[]): ((row: Row) => IndexKey) => {
  const makers = types.map(partMaker);
  const [ordinal] = ordinals;
  const [maker] = makers;
  if (ordinals.length === 1 && ordinal !== undefined && maker !== undefined) {
    return (row) => maker(row[ordinal] ?? null);
  }
  return (row) => combine(ordinals.map((position, i) => makers[i]?.(row[position] ?? null) ?? null));
};
