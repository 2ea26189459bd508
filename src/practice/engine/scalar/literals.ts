/** Literals and their types: https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql */

import type { Literal } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { toCodePage } from './codepage.ts';
import { parseMoney } from './number-conversion.ts';
import { FLOAT, INT, numeric } from './type-facts.ts';

export type TypedLiteral = { readonly type: SqlType; readonly value: Value; readonly digits?: number };

const textType = (text: string, isUnicode: boolean): SqlType => {
  const limit = isUnicode ? 4000 : 8000;
  return {
    kind: isUnicode ? 'nvarchar' : 'varchar',
    length: text.length > limit ? 'max' : Math.max(1, text.length),
  };
};

function digitsError(text: string): SqlError {
  return new SqlError(
    1007,
    `The number '${text}' is out of the range for numeric representation (maximum precision 38).`,
    15,
  );
}

function exact(text: string): TypedLiteral {
  const [whole = '', fraction = ''] = text.split('.');
  const significant = whole.replace(/^0+/, '');
  const precision = Math.max(1, significant.length + fraction.length);
  if (precision > 38) throw digitsError(text);
  return { type: numeric(precision, fraction.length), value: BigInt(whole + fraction || '0') };
}

/** The type and value of a literal. Throws 1007, 168 and 293 for numbers that no type holds. */
export function typedLiteral(literal: Literal): TypedLiteral {
  switch (literal.type) {
    case 'null':
      return { type: { kind: 'null' }, value: null };
    case 'string': {
      const text = literal.isUnicode ? literal.text : toCodePage(literal.text);
      return { type: textType(text, literal.isUnicode), value: text };
    }
    case 'integer': {
      const value = BigInt(literal.text);
      if (value > 2_147_483_647n) return exact(literal.text);
      return { type: INT, value: Number(value), digits: value.toString().length };
    }
    case 'decimal':
      return exact(literal.text);
    case 'float': {
      const value = Number(literal.text);
      if (!Number.isFinite(value))
        throw new SqlError(
          168,
          `The floating point value '${literal.text}' is out of the range of computer representation (8 bytes).`,
          15,
        );
      return { type: FLOAT, value };
    }
    case 'money': {
      const value = parseMoney(literal.text);
      if (value === undefined || BigInt.asIntN(64, value) !== value)
        throw new SqlError(
          293,
          `Cannot convert char value to money. The char value has incorrect syntax.`,
          16,
          0,
        );
      return { type: { kind: 'money' }, value };
    }
    case 'binary': {
      const hex = literal.hex.length % 2 === 0 ? literal.hex : `0${literal.hex}`;
      const bytes = Buffer.from(hex, 'hex');
      return {
        type: { kind: 'varbinary', length: bytes.length > 8000 ? 'max' : Math.max(1, bytes.length) },
        value: bytes,
      };
    }
  }
}
