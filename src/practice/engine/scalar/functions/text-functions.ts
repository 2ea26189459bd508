/** Text functions: https://learn.microsoft.com/sql/t-sql/functions/string-functions-transact-sql */

import { SqlError } from '../../extension.ts';
import type { SqlType } from '../../types.ts';
import { lowerCase, trimEndBlanks, upperCase } from '../collation.ts';
import { invalidArgument } from '../scalar-errors.ts';
import { BIGINT, INT, isBinary, isCharacter, isUnicode, lengthOf, varchar } from '../type-facts.ts';
import { argument, type Binding, type ScalarFunction, strict, typeAt } from './definition.ts';
import { cut, textArgument, textType } from './text-arguments.ts';

const trimStartBlanks = (text: string): string => {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) === 0x20) start += 1;
  return start === 0 ? text : text.slice(start);
};

const notLarge = (binding: Binding, name: string): void => {
  const { kind } = typeAt(binding, 0);
  if (kind === 'text' || kind === 'ntext') throw invalidArgument(typeAt(binding, 0), 1, name);
};

/** A text to a text of at most the same length. */
const sameLength = (name: string, map: (text: string) => string): ScalarFunction =>
  strict(name, 1, 1, (binding) => {
    notLarge(binding, name);
    const text = textArgument(binding, 0, name);
    return { type: text.type, compute: ([value = '']) => map(text.read(value)) };
  });

const len = strict('LEN', 1, 1, (binding) => {
  notLarge(binding, 'LEN');
  const text = textArgument(binding, 0, 'LEN');
  const isLong = text.length === 'max';
  return {
    type: isLong ? BIGINT : INT,
    compute: ([value = '']) => {
      const length = trimEndBlanks(text.read(value)).length;
      return isLong ? BigInt(length) : length;
    },
  };
});

/** Positions before the text count towards the length: SUBSTRING('abc', 0, 2) is 'a'. */
const substring = strict('SUBSTRING', 3, 3, (binding) => {
  const from = typeAt(binding, 0);
  if (from.kind !== 'null' && !isCharacter(from) && !isBinary(from))
    throw invalidArgument(from, 1, 'substring');
  const toStart = argument(binding, 1, INT);
  const toLength = argument(binding, 2, INT);
  const length = lengthOf(from);
  const type: SqlType = isBinary(from)
    ? { kind: 'varbinary', length }
    : textType(isUnicode(from), length, from.collation);
  return {
    type,
    compute: ([value = '', startValue = 0, lengthValue = 0]) => {
      const start = (toStart(startValue) as number) - 1;
      const count = toLength(lengthValue) as number;
      if (count < 0)
        throw new SqlError(537, 'Invalid length parameter passed to the LEFT or SUBSTRING function.', 16, 3);
      const begin = Math.max(0, start);
      const end = Math.max(begin, start + count);
      return typeof value === 'string' ? value.slice(begin, end) : (value as Uint8Array).subarray(begin, end);
    },
  };
});

const left = strict('LEFT', 2, 2, (binding) => {
  notLarge(binding, 'left');
  const text = textArgument(binding, 0, 'left');
  const toCount = argument(binding, 1, INT);
  return {
    type: text.type,
    compute: ([value = '', countValue = 0]) => {
      const count = toCount(countValue) as number;
      if (count < 0)
        throw new SqlError(537, 'Invalid length parameter passed to the LEFT or SUBSTRING function.', 16, 2);
      return text.read(value).slice(0, count);
    },
  };
});

const right = strict('RIGHT', 2, 2, (binding) => {
  notLarge(binding, 'right');
  const text = textArgument(binding, 0, 'right');
  const toCount = argument(binding, 1, INT);
  return {
    type: text.type,
    compute: ([value = '', countValue = 0]) => {
      const count = toCount(countValue) as number;
      if (count < 0) throw new SqlError(536, 'Invalid length parameter passed to the right function.');
      const whole = text.read(value);
      return count >= whole.length ? whole : whole.slice(whole.length - count);
    },
  };
});

const replicate = strict('REPLICATE', 2, 2, (binding) => {
  const text = textArgument(binding, 0, 'replicate');
  const toCount = argument(binding, 1, INT);
  const type = textType(text.isUnicode, text.length === 'max' ? 'max' : 8000, text.type.collation);
  return {
    type,
    isNullable: true,
    compute: ([value = '', countValue = 0]) => {
      const count = toCount(countValue) as number;
      if (count < 0) return null;
      const one = text.read(value);
      const limit = lengthOf(type);
      if (limit === 'max' || one.length === 0) return one.repeat(count);
      return cut(one.repeat(Math.min(count, Math.ceil(limit / one.length))), type);
    },
  };
});

const space = strict('SPACE', 1, 1, (binding) => {
  const toCount = argument(binding, 0, INT);
  return {
    type: varchar(8000),
    isNullable: true,
    compute: ([value = 0]) => {
      const count = toCount(value) as number;
      return count < 0 ? null : ' '.repeat(Math.min(8000, count));
    },
  };
});

/** STUFF takes NULL as the text to put in: it then only deletes. */
const stuff: ScalarFunction = {
  name: 'STUFF',
  minArguments: 4,
  maxArguments: 4,
  isPure: true,
  bind: (binding) => {
    const text = textArgument(binding, 0, 'stuff');
    const put = textArgument(binding, 3, 'stuff');
    const toStart = argument(binding, 1, INT);
    const toCount = argument(binding, 2, INT);
    const length = text.length === 'max' || put.length === 'max' ? 'max' : text.length + put.length;
    const type = textType(text.isUnicode || put.isUnicode, length, text.type.collation);
    return {
      type,
      isNullable: true,
      evaluate: ([value = null, startValue = null, countValue = null, putValue = null]) => {
        const start = toStart(startValue) as number | null;
        const count = toCount(countValue) as number | null;
        if (value === null || start === null || count === null) return null;
        const whole = text.read(value);
        if (start < 1 || start > whole.length || count < 0) return null;
        const inserted = putValue === null ? '' : put.read(putValue);
        return cut(whole.slice(0, start - 1) + inserted + whole.slice(start - 1 + count), type);
      },
    };
  },
};

export const textFunctions: readonly ScalarFunction[] = [
  len,
  substring,
  left,
  right,
  sameLength('LTRIM', trimStartBlanks),
  sameLength('RTRIM', trimEndBlanks),
  sameLength('TRIM', (text) => trimEndBlanks(trimStartBlanks(text))),
  sameLength('UPPER', upperCase),
  sameLength('LOWER', lowerCase),
  sameLength('REVERSE', (text) => text.split('').reverse().join('')),
  replicate,
  space,
  stuff,
];
