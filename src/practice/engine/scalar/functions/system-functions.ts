/** Identifiers, hashes, sizes and other functions of values. */

import { createHash, randomUUID } from 'node:crypto';
import { Refusal, SqlError } from '../../extension.ts';
import type { SqlType, Value, Variant } from '../../types.ts';
import { textBytes } from '../binary-conversion.ts';
import { DEFAULT_COLLATION } from '../collation.ts';
import { invalidArgument } from '../scalar-errors.ts';
import {
  BIGINT,
  INT,
  isBinary,
  isCharacter,
  isDecimal,
  isInteger,
  isUnicode,
  lengthOf,
  precisionOf,
  scaleOf,
  typeName,
} from '../type-facts.ts';
import { type ScalarFunction, strict, typeAt } from './definition.ts';
import { textArgument } from './text-arguments.ts';

type NotNull = Exclude<Value, null>;

const GUID: SqlType = { kind: 'uniqueidentifier' };

const newId: ScalarFunction = {
  name: 'NEWID',
  minArguments: 0,
  maxArguments: 0,
  isPure: false,
  bind: () => ({ type: GUID, isNullable: false, evaluate: () => randomUUID().toUpperCase() }),
};

/** Rises in the order of SQL Server from one call to the next while the server runs. */
const newSequentialId: ScalarFunction = {
  name: 'NEWSEQUENTIALID',
  minArguments: 0,
  maxArguments: 0,
  isPure: false,
  bind: () => ({ type: GUID, isNullable: false, evaluate: nextSequential }),
};
const sequenceNode = randomUUID().slice(24).toUpperCase();
let sequence = BigInt(Date.now()) << 20n;
function nextSequential(): string {
  sequence += 1n;
  const count = sequence.toString(16).toUpperCase().padStart(16, '0');
  // The stored order of the first groups is reversed, so the fastest changing digits stand first.
  const low = Buffer.from(count.slice(8), 'hex').reverse().toString('hex').toUpperCase();
  return `${low}-${count.slice(4, 8)}-${count.slice(0, 4)}-8000-${sequenceNode}`;
}

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA: 'sha1',
  SHA1: 'sha1',
  SHA2_256: 'sha256',
  SHA2_512: 'sha512',
};

/** Of the stored bytes: code page 1252 for varchar, UTF-16 for nvarchar. */
const hashBytes = strict('HASHBYTES', 2, 2, (binding) => {
  const algorithm = textArgument(binding, 0, 'hashbytes');
  const from = typeAt(binding, 1);
  if (from.kind !== 'null' && !isCharacter(from) && !isBinary(from))
    throw invalidArgument(from, 2, 'hashbytes');
  return {
    type: { kind: 'varbinary', length: 8000 },
    isNullable: true,
    compute: ([algorithmValue = '', value = '']) => {
      const name = algorithm.read(algorithmValue).toUpperCase();
      if (name === 'MD2' || name === 'MD4') throw new Refusal(`HASHBYTES with ${name}`);
      const known = algorithms[name];
      if (known === undefined) return null;
      const bytes = typeof value === 'string' ? textBytes(value, from) : (value as Uint8Array);
      return createHash(known).update(bytes).digest();
    },
  };
});

const fixedSizes: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  smallmoney: 4,
  money: 8,
  smalldatetime: 4,
  datetime: 8,
  date: 3,
  uniqueidentifier: 16,
};

/** Bytes that a value takes when stored: https://learn.microsoft.com/sql/t-sql/data-types/data-types-transact-sql */
function storedSize(value: NotNull, type: SqlType): number {
  if (isCharacter(type)) return (value as string).length * (isUnicode(type) ? 2 : 1);
  if (isBinary(type)) return (value as Uint8Array).length;
  if (isDecimal(type)) {
    const precision = precisionOf(type);
    return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
  }
  if (type.kind === 'sql_variant') {
    const { type: inner, value: content } = value as Variant;
    return content === null ? 0 : storedSize(content, inner);
  }
  const fixed = fixedSizes[type.kind];
  if (fixed !== undefined) return fixed;
  const scale = scaleOf(type);
  const time = scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
  return type.kind === 'time' ? time : type.kind === 'datetime2' ? time + 3 : time + 5;
}

const dataLength = strict('DATALENGTH', 1, 1, (binding) => {
  const from = typeAt(binding, 0);
  const isLong = (isCharacter(from) || isBinary(from)) && from.length === 'max';
  return {
    type: isLong ? BIGINT : INT,
    compute: ([value = '']) => (isLong ? BigInt(storedSize(value, from)) : storedSize(value, from)),
  };
});

/** Known only for a single int, whose checksum is itself; the algorithm for anything else is not published. */
const checksumOf = (name: string): ScalarFunction => ({
  name,
  minArguments: 1,
  maxArguments: 254,
  isPure: true,
  bind: ({ types }) => {
    const [only] = types;
    const isSingleInt =
      types.length === 1 &&
      only !== undefined &&
      isInteger(only) &&
      only.kind !== 'bigint' &&
      only.kind !== 'bit';
    if (!isSingleInt) throw new Refusal(`${name} of anything but one int`);
    return { type: INT, isNullable: true, evaluate: ([value = null]) => value };
  },
});

function propertyOf(name: string, type: SqlType, value: NotNull): Variant | null {
  const int = (number: number): Variant => ({ type: INT, value: number });
  const text = (content: string): Variant => ({ type: { kind: 'nvarchar', length: 128 }, value: content });
  switch (name.trim().toLowerCase()) {
    case 'basetype':
      return text(typeName(type));
    case 'precision':
      return int(
        isDecimal(type) || isInteger(type)
          ? precisionOf(type)
          : type.kind === 'float'
            ? 53
            : type.kind === 'real'
              ? 24
              : 0,
      );
    case 'scale':
      return int(scaleOf(type));
    case 'maxlength': {
      const length = isCharacter(type) || isBinary(type) ? lengthOf(type) : storedSize(value, type);
      return int(length === 'max' ? -1 : isUnicode(type) ? length * 2 : length);
    }
    case 'collation':
      return isCharacter(type) ? text(type.collation ?? DEFAULT_COLLATION) : null;
    case 'totalbytes':
      throw new Refusal('SQL_VARIANT_PROPERTY TotalBytes');
    default:
      return null;
  }
}

const variantProperty = strict('SQL_VARIANT_PROPERTY', 2, 2, (binding) => {
  const from = typeAt(binding, 0);
  if (from.length === 'max' || from.kind === 'text' || from.kind === 'ntext' || from.kind === 'image')
    throw new SqlError(206, `Operand type clash: ${typeName(from)} is incompatible with sql_variant`, 16, 2);
  const property = textArgument(binding, 1, 'sql_variant_property');
  return {
    type: { kind: 'sql_variant' },
    isNullable: true,
    compute: ([value = 0, name = '']) => {
      if (from.kind !== 'sql_variant') return propertyOf(property.read(name), from, value);
      const { type, value: content } = value as Variant;
      return content === null ? null : propertyOf(property.read(name), type, content);
    },
  };
});

export const systemFunctions: readonly ScalarFunction[] = [
  newId,
  newSequentialId,
  hashBytes,
  dataLength,
  checksumOf('CHECKSUM'),
  checksumOf('BINARY_CHECKSUM'),
  variantProperty,
];
