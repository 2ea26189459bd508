/** Functions between characters and codes, and numbers as text. */

import type { SqlType } from '../../types.ts';
import { decodeCodePage, encodeCodePage } from '../codepage.ts';
import { scaledFromDouble, scaledText } from '../numeric.ts';
import { FLOAT, INT, varchar } from '../type-facts.ts';
import { argument, type ScalarFunction, strict, typeAt } from './definition.ts';
import { textArgument } from './text-arguments.ts';

const ascii = strict('ASCII', 1, 1, (binding) => {
  const text = textArgument(binding, 0, 'ascii');
  return {
    type: INT,
    isNullable: true,
    compute: ([value = '']) => encodeCodePage(text.read(value).slice(0, 1))[0] ?? null,
  };
});

const unicode = strict('UNICODE', 1, 1, (binding) => {
  const text = textArgument(binding, 0, 'unicode');
  return {
    type: INT,
    isNullable: true,
    compute: ([value = '']) => {
      const content = text.read(value);
      return content === '' ? null : content.charCodeAt(0);
    },
  };
});

const char = strict('CHAR', 1, 1, (binding) => {
  const toCode = argument(binding, 0, INT);
  const type: SqlType = { kind: 'char', length: 1 };
  return {
    type,
    isNullable: true,
    compute: ([value = 0]) => {
      const code = toCode(value) as number;
      return code < 0 || code > 255 ? null : decodeCodePage(Uint8Array.of(code));
    },
  };
});

const nchar = strict('NCHAR', 1, 1, (binding) => {
  const toCode = argument(binding, 0, INT);
  return {
    type: { kind: 'nchar', length: 1 },
    isNullable: true,
    compute: ([value = 0]) => {
      const code = toCode(value) as number;
      return code < 0 || code > 65_535 ? null : String.fromCharCode(code);
    },
  };
});

/** Right-aligned; asterisks when the whole digits do not fit, fewer decimals when only they do not. */
const str = strict('STR', 1, 3, (binding) => {
  const toNumber = argument(binding, 0, FLOAT);
  const toLength = binding.types.length > 1 ? argument(binding, 1, INT) : undefined;
  const toDecimals = binding.types.length > 2 ? argument(binding, 2, INT) : undefined;
  const written = binding.constants[1];
  return {
    type: varchar(typeof written === 'number' && written > 0 ? Math.min(written, 8000) : 10),
    isNullable: true,
    compute: ([value = 0, lengthValue = 10, decimalsValue = 0]) => {
      const length = toLength ? (toLength(lengthValue) as number) : 10;
      const wanted = toDecimals ? (toDecimals(decimalsValue) as number) : 0;
      if (length < 0 || length > 8000 || wanted < 0) return null;
      const number = toNumber(value) as number;
      const whole = scaledText(scaledFromDouble(number, 0) ?? 0n, 0);
      if (whole.length > length) return '*'.repeat(length);
      const decimals = Math.max(0, Math.min(wanted, 16, length - whole.length - 1));
      return scaledText(scaledFromDouble(number, decimals) ?? 0n, decimals).padStart(length, ' ');
    },
  };
});

/** 1 when the text converts to some number type, currency signs and commas included. */
const isNumeric: ScalarFunction = {
  name: 'ISNUMERIC',
  minArguments: 1,
  maxArguments: 1,
  isPure: true,
  bind: (binding) => {
    const from = typeAt(binding, 0);
    if (
      from.kind !== 'null' &&
      [
        'int',
        'bigint',
        'smallint',
        'tinyint',
        'bit',
        'numeric',
        'decimal',
        'money',
        'smallmoney',
        'float',
        'real',
      ].includes(from.kind)
    )
      return { type: INT, isNullable: false, evaluate: ([value = null]) => (value === null ? 0 : 1) };
    const text = textArgument(binding, 0, 'isnumeric');
    return {
      type: INT,
      isNullable: false,
      evaluate: ([value = null]) => (value !== null && looksNumeric(text.read(value)) ? 1 : 0),
    };
  },
};

const looksNumeric = (text: string): boolean => {
  const trimmed = text.trim();
  if (trimmed === '') return false;
  return (
    /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(trimmed) ||
    /^[+-]?\s*[$£€¥]?\s*[+-]?[\d,]*\.?\d*$/.test(trimmed)
  );
};

export const characterFunctions: readonly ScalarFunction[] = [ascii, unicode, char, nchar, str, isNumeric];
