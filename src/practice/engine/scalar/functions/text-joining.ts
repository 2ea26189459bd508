/** Functions that put texts together and quote or take apart names. */

import { INT, nvarchar } from '../type-facts.ts';
import { argument, type Binding, type ScalarFunction, strict } from './definition.ts';
import { cut, textArgument, textType } from './text-arguments.ts';

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

export const joiningFunctions: readonly ScalarFunction[] = [quoteName, concat, concatWs, parseName];
