/** Arguments of text functions: text as it is, other types in their text form. */

import type { SqlType, Value } from '../../types.ts';
import { type Collation, collationOf } from '../collation.ts';
import { mergeCollations } from '../common-type.ts';
import { converter } from '../convert.ts';
import { invalidArgument } from '../scalar-errors.ts';
import { displayLength, isCharacter, isUnicode, lengthOf } from '../type-facts.ts';
import { type Binding, typeAt } from './definition.ts';

type NotNull = Exclude<Value, null>;
export type TextArgument = {
  /** varchar or nvarchar of the argument's length. */
  readonly type: SqlType;
  readonly isUnicode: boolean;
  readonly length: number | 'max';
  read(value: NotNull): string;
};

/** Argument `index` (from 0) of the function as text. Throws 8116 for large and structured types. */
export function textArgument(binding: Binding, index: number, name: string): TextArgument {
  const from = typeAt(binding, index);
  if (from.kind === 'image' || from.kind === 'xml' || from.kind === 'sql_variant')
    throw invalidArgument(from, index + 1, name);
  const wide = isUnicode(from);
  const length = isCharacter(from) ? lengthOf(from) : displayLength(from);
  const collation = from.collation === undefined ? {} : { collation: from.collation };
  const type: SqlType = { kind: wide ? 'nvarchar' : 'varchar', length, ...collation };
  if (isCharacter(from)) return { type, isUnicode: wide, length, read: (value) => value as string };
  // Explicit, because CONCAT takes money too, which does not become text by itself.
  const toText = converter(from, type, { explicit: true, session: binding.session });
  return { type, isUnicode: wide, length, read: (value) => toText(value) as string };
}

/** The type of a text of up to `length` characters: 'max' where an argument is, else at most 8000 bytes. */
export function textType(isWide: boolean, length: number | 'max', collation?: string): SqlType {
  const limit = isWide ? 4000 : 8000;
  return {
    kind: isWide ? 'nvarchar' : 'varchar',
    length: length === 'max' ? length : Math.min(limit, Math.max(1, length)),
    ...(collation === undefined ? {} : { collation }),
  };
}

/** Cuts a text to the type's length. */
export const cut = (text: string, type: SqlType): string => {
  const length = lengthOf(type);
  return length === 'max' || text.length <= length ? text : text.slice(0, length);
};

/** The collation in which texts of the given types are searched. */
export function searchCollation(binding: Binding, ...types: readonly SqlType[]): Collation {
  let name: string | undefined;
  for (const type of types) name = mergeCollations(name, type.collation);
  return collationOf(name ?? binding.session.database.collation);
}
