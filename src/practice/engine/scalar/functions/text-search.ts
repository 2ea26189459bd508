/** Functions that look for one text in another, by the collation. */

import { SqlError } from '../../extension.ts';
import { likePattern } from '../like.ts';
import { BIGINT, INT } from '../type-facts.ts';
import { argument, type ScalarFunction, strict } from './definition.ts';
import { cut, searchCollation, textArgument, textType } from './text-arguments.ts';

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

const patIndex = strict('PATINDEX', 2, 2, (binding) => {
  const pattern = textArgument(binding, 0, 'patindex');
  const text = textArgument(binding, 1, 'patindex');
  const collation = searchCollation(binding, pattern.type, text.type);
  const isLong = text.length === 'max';
  return {
    type: isLong ? BIGINT : INT,
    compute: ([patternValue = '', value = '']) => {
      const at = likePattern(pattern.read(patternValue), undefined, collation).indexIn(text.read(value));
      return isLong ? BigInt(at) : at;
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

export const searchFunctions: readonly ScalarFunction[] = [replace, charIndex, patIndex, translate];
