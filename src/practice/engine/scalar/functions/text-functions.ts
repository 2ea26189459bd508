/** Text functions: https://learn.microsoft.com/sql/t-sql/functions/string-functions-transact-sql */

import { SqlError } from '../../extension.ts';
import type { SqlType } from '../../types.ts';
import { lowerCase, trimEndBlanks, upperCase } from '../collation.ts';
import { invalidArgument } from '../scalar-errors.ts';
import { BIGINT, INT, isBinary, isCharacter, isUnicode, lengthOf, nvarchar, varchar } from '../type-facts.ts';
import { argument, type Binding, type ScalarFunction, strict, typeAt } from './definition.ts';
import { cut, searchCollation, textArgument, textType } from './text-arguments.ts';

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

/** Replaces every occurrence, found by the collation, without looking again at what was put in. */
const replace = strict('REPLACE', 3, 3, (binding) => {
  const texts = [0, 1, 2].map((index) => textArgument(binding, index, 'replace'));
  const [text, pattern, replacement] = texts;
  if (!text || !pattern || !replacement) throw new Error('three arguments were checked');
  const collation = searchCollation(binding, text.type, pattern.type);
  const type = textType(
    texts.some((one) => one.isUnicode),
    texts.some((one) => one.length === 'max') ? 'max' : 8000,
    text.type.collation,
  );
  return {
    type,
    compute: ([value = '', patternValue = '', replacementValue = '']) => {
      const whole = text.read(value);
      const sought = collation.fold(pattern.read(patternValue));
      if (sought === '') return whole;
      const folded = collation.fold(whole);
      const put = replacement.read(replacementValue);
      let result = '';
      let from = 0;
      for (let at = folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, from)) {
        result += whole.slice(from, at) + put;
        from = at + sought.length;
      }
      return cut(result + whole.slice(from), type);
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

const charIndex = strict('CHARINDEX', 2, 3, (binding) => {
  const sought = textArgument(binding, 0, 'charindex');
  const text = textArgument(binding, 1, 'charindex');
  const toStart = binding.types.length > 2 ? argument(binding, 2, INT) : undefined;
  const collation = searchCollation(binding, sought.type, text.type);
  const isLong = text.length === 'max';
  return {
    type: isLong ? BIGINT : INT,
    compute: ([soughtValue = '', value = '', startValue = 1]) => {
      const wanted = collation.fold(sought.read(soughtValue));
      const start = Math.max(1, toStart ? (toStart(startValue) as number) : 1);
      const at = wanted === '' ? -1 : collation.fold(text.read(value)).indexOf(wanted, start - 1);
      return isLong ? BigInt(at + 1) : at + 1;
    },
  };
});

const translate = strict('TRANSLATE', 3, 3, (binding) => {
  const [text, from, to] = [0, 1, 2].map((index) => textArgument(binding, index, 'translate'));
  if (!text || !from || !to) throw new Error('three arguments were checked');
  const collation = searchCollation(binding, text.type, from.type);
  return {
    type: textType(text.isUnicode || to.isUnicode, text.length, text.type.collation),
    compute: ([value = '', fromValue = '', toValue = '']) => {
      const sought = from.read(fromValue);
      const put = to.read(toValue);
      if (sought.length !== put.length)
        throw new SqlError(
          9828,
          'The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.',
        );
      const folded = collation.fold(sought);
      let result = '';
      for (const character of text.read(value)) {
        const at = folded.indexOf(collation.fold(character));
        result += at < 0 ? character : put.charAt(at);
      }
      return result;
    },
  };
});

const closing: Readonly<Record<string, string>> = {
  '[': ']',
  ']': ']',
  '(': ')',
  ')': ')',
  '{': '}',
  '}': '}',
  '<': '>',
  '>': '>',
  "'": "'",
  '"': '"',
  '`': '`',
};
const opening: Readonly<Record<string, string>> = { ']': '[', ')': '(', '}': '{', '>': '<' };

/** NULL for a text above 128 characters or a character that quotes nothing. */
const quoteName = strict('QUOTENAME', 1, 2, (binding) => {
  const text = textArgument(binding, 0, 'quotename');
  const quote = binding.types.length > 1 ? textArgument(binding, 1, 'quotename') : undefined;
  return {
    type: nvarchar(258),
    isNullable: true,
    compute: ([value = '', quoteValue = '[']) => {
      const name = text.read(value);
      const character = quote?.read(quoteValue).charAt(0) || '[';
      const end = closing[character];
      if (end === undefined || name.length > 128) return null;
      return `${opening[end] ?? end}${name.replaceAll(end, end + end)}${end}`;
    },
  };
});

/** NULLs count as empty texts, so the result is never NULL. */
const concat: ScalarFunction = {
  name: 'CONCAT',
  minArguments: 2,
  maxArguments: 254,
  isPure: true,
  bind: (binding) => joined(binding, 0),
};

const concatWs: ScalarFunction = {
  name: 'CONCAT_WS',
  minArguments: 3,
  maxArguments: 254,
  isPure: true,
  bind: (binding) => joined(binding, 1),
};

/** `first` is the index of the first text; with a separator before it, NULLs are left out with their separator. */
function joined(binding: Binding, first: number): ReturnType<ScalarFunction['bind']> {
  const texts = binding.types.map((_, index) =>
    textArgument(binding, index, first === 0 ? 'concat' : 'concat_ws'),
  );
  const wide = texts.some((text) => text.isUnicode);
  let total: number | 'max' = 0;
  texts.forEach((text, index) => {
    const repeated = first === 1 && index === 0 ? texts.length - 2 : 1;
    total = total === 'max' || text.length === 'max' ? 'max' : total + text.length * repeated;
  });
  const type = textType(wide, total);
  return {
    type,
    isNullable: false,
    evaluate: (values) => {
      const items: string[] = [];
      for (let index = first; index < values.length; index += 1) {
        const value = values[index] ?? null;
        if (value !== null) items.push(texts[index]?.read(value) ?? '');
      }
      const separator = first === 0 || values[0] == null ? '' : (texts[0]?.read(values[0]) ?? '');
      return cut(items.join(separator), type);
    },
  };
}

const parseName = strict('PARSENAME', 2, 2, (binding) => {
  const text = textArgument(binding, 0, 'parsename');
  const toPart = argument(binding, 1, INT);
  return {
    type: nvarchar(128),
    isNullable: true,
    compute: ([value = '', partValue = 0]) => {
      const parts = nameParts(text.read(value));
      const part = toPart(partValue) as number;
      if (!parts || parts.length > 4 || part < 1 || part > 4) return null;
      const found = parts[parts.length - part];
      return found === undefined || found === '' || found.length > 128 ? null : found;
    },
  };
});

/** The parts of a dotted name with its brackets and quotes taken off; undefined when it is none. */
function nameParts(text: string): string[] | undefined {
  const parts: string[] = [];
  const pattern = /(?:\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"]*))(\.|$)/y;
  while (pattern.lastIndex <= text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    parts.push(match[1]?.replaceAll(']]', ']') ?? match[2]?.replaceAll('""', '"') ?? match[3] ?? '');
    if (match[4] === '') return parts;
  }
  return parts;
}

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
  replace,
  replicate,
  space,
  stuff,
  charIndex,
  translate,
  quoteName,
  concat,
  concatWs,
  parseName,
];
