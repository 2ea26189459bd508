/** Aggregate functions. The executor groups the rows, these add them up. */

import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { comparer } from './compare.ts';
import { converter } from './convert.ts';
import { isInRange } from './integer-conversion.ts';
import { fits, tenTo } from './numeric.ts';
import { invalidOperand, overflow } from './scalar-errors.ts';
import {
  BIGINT,
  FLOAT,
  INT,
  isApproximate,
  isCharacter,
  isDecimal,
  isInteger,
  isMoney,
  isNumber,
  isUnicode,
  lengthOf,
  numeric,
  scaleOf,
} from './type-facts.ts';

/** The running state of one group. NULLs are passed in and ignored. */
export type Accumulator = {
  /** `extra` is the separator of STRING_AGG. */
  add(value: Value, extra?: Value): void;
  finish(): Value;
};
export type BoundAggregate = { readonly type: SqlType; start(): Accumulator };
export type Aggregate = {
  /** Upper case. */
  readonly name: string;
  /** How many arguments it takes; COUNT(*) is bound like COUNT(1). */
  readonly arguments: number;
  /** Checks the argument types; throws 8117. */
  bind(types: readonly SqlType[]): BoundAggregate;
};

type NotNull = Exclude<Value, null>;

const counting = (type: SqlType): BoundAggregate => ({
  type,
  start: () => {
    let count = 0;
    return {
      add: (value) => {
        if (value !== null) count += 1;
      },
      finish: () => (type.kind === 'bigint' ? BigInt(count) : count),
    };
  },
});

const firstOf = (types: readonly SqlType[]): SqlType => types[0] ?? INT;

/** The type of a sum: https://learn.microsoft.com/sql/t-sql/functions/sum-transact-sql#return-types */
function sumType(type: SqlType, name: string): SqlType {
  if (type.kind === 'bit' || !isNumber(type)) throw invalidOperand(type, name);
  if (type.kind === 'bigint') return BIGINT;
  if (isInteger(type)) return INT;
  if (isDecimal(type)) return numeric(38, scaleOf(type));
  if (isMoney(type)) return { kind: 'money' };
  return FLOAT;
}

const asBig = (value: NotNull): bigint => (typeof value === 'bigint' ? value : BigInt(value as number));

function checkedSum(total: bigint, type: SqlType): Value {
  if (isDecimal(type)) {
    if (!fits(total, 38)) throw overflow(type);
    return total;
  }
  if (isMoney(type)) {
    if (!isInRange(total, 'bigint')) throw overflow(type);
    return total;
  }
  if (!isInRange(total, type.kind)) throw overflow(type);
  return type.kind === 'bigint' ? total : Number(total);
}

function sum(types: readonly SqlType[]): BoundAggregate {
  const type = sumType(firstOf(types), 'sum');
  if (isApproximate(type)) return floatSum(type, (total) => total);
  return {
    type,
    start: () => {
      let total = 0n;
      let isEmpty = true;
      return {
        add: (value) => {
          if (value === null) return;
          isEmpty = false;
          total += asBig(value);
        },
        finish: () => (isEmpty ? null : checkedSum(total, type)),
      };
    },
  };
}

function floatSum(type: SqlType, finish: (total: number, count: number) => number): BoundAggregate {
  return {
    type,
    start: () => {
      let total = 0;
      let count = 0;
      return {
        add: (value) => {
          if (value === null) return;
          total += value as number;
          count += 1;
        },
        finish: () => {
          if (count === 0) return null;
          const result = finish(total, count);
          if (!Number.isFinite(result)) throw overflow(type);
          return result;
        },
      };
    },
  };
}

/** Quotients are cut off, as in a division. */
function avg(types: readonly SqlType[]): BoundAggregate {
  const argument = firstOf(types);
  const total = sumType(argument, 'avg');
  if (isApproximate(total)) return floatSum(total, (value, count) => value / count);
  const type = isDecimal(total) ? numeric(38, Math.max(6, scaleOf(total))) : total;
  const unit = tenTo(scaleOf(type) - scaleOf(total));
  return {
    type,
    start: () => {
      let running = 0n;
      let count = 0n;
      return {
        add: (value) => {
          if (value === null) return;
          running += asBig(value);
          count += 1n;
        },
        finish: () => {
          if (count === 0n) return null;
          checkedSum(running, total);
          return checkedSum((running * unit) / count, type);
        },
      };
    },
  };
}

function extreme(name: 'min' | 'max'): (types: readonly SqlType[]) => BoundAggregate {
  const sign = name === 'min' ? -1 : 1;
  return (types) => {
    const type = firstOf(types);
    if (
      type.kind === 'bit' ||
      type.kind === 'text' ||
      type.kind === 'ntext' ||
      type.kind === 'image' ||
      type.kind === 'null'
    )
      throw invalidOperand(type, name);
    const order = comparer(type);
    return {
      type,
      start: () => {
        let best: Value = null;
        return {
          add: (value) => {
            if (value !== null && (best === null || order(value, best) * sign > 0)) best = value;
          },
          finish: () => best,
        };
      },
    };
  };
}

/** Standard deviation and variance by Welford's method. */
function spread(
  name: string,
  isPopulation: boolean,
  isRoot: boolean,
): (types: readonly SqlType[]) => BoundAggregate {
  return (types) => {
    const argument = firstOf(types);
    if (argument.kind === 'bit' || !isNumber(argument)) throw invalidOperand(argument, name);
    const toFloat = converter(argument, FLOAT, { explicit: false });
    return {
      type: FLOAT,
      start: () => {
        let count = 0;
        let mean = 0;
        let squares = 0;
        return {
          add: (value) => {
            if (value === null) return;
            const number = toFloat(value) as number;
            count += 1;
            const distance = number - mean;
            mean += distance / count;
            squares += distance * (number - mean);
          },
          finish: () => {
            const divisor = isPopulation ? count : count - 1;
            if (divisor <= 0) return null;
            const variance = squares / divisor;
            return isRoot ? Math.sqrt(variance) : variance;
          },
        };
      },
    };
  };
}

function stringAggregate(types: readonly SqlType[]): BoundAggregate {
  const argument = firstOf(types);
  const isWide = isUnicode(argument);
  const length =
    isCharacter(argument) && lengthOf(argument) === 'max'
      ? 'max'
      : isWide || !isCharacter(argument)
        ? 4000
        : 8000;
  const type: SqlType = { kind: isWide || !isCharacter(argument) ? 'nvarchar' : 'varchar', length };
  const toText = isCharacter(argument)
    ? undefined
    : converter(argument, { kind: 'nvarchar', length: 4000 }, { explicit: false });
  return {
    type,
    start: () => {
      let text: string | null = null;
      return {
        add: (value, separator) => {
          if (value === null) return;
          const item = (toText ? toText(value) : value) as string;
          text = text === null ? item : `${text}${(separator ?? '') as string}${item}`;
          if (length !== 'max' && text.length > length)
            throw new SqlError(
              9829,
              'STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.',
            );
        },
        finish: () => text,
      };
    },
  };
}

/** Every aggregate by upper-case name. */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map(
  (
    [
      { name: 'COUNT', arguments: 1, bind: () => counting(INT) },
      { name: 'COUNT_BIG', arguments: 1, bind: () => counting(BIGINT) },
      { name: 'SUM', arguments: 1, bind: sum },
      { name: 'AVG', arguments: 1, bind: avg },
      { name: 'MIN', arguments: 1, bind: extreme('min') },
      { name: 'MAX', arguments: 1, bind: extreme('max') },
      { name: 'STDEV', arguments: 1, bind: spread('stdev', false, true) },
      { name: 'STDEVP', arguments: 1, bind: spread('stdevp', true, true) },
      { name: 'VAR', arguments: 1, bind: spread('var', false, false) },
      { name: 'VARP', arguments: 1, bind: spread('varp', true, false) },
      { name: 'STRING_AGG', arguments: 2, bind: stringAggregate },
      { name: 'CHECKSUM_AGG', arguments: 1, bind: checksum },
    ] satisfies Aggregate[]
  ).map((aggregate) => [aggregate.name, aggregate]),
);

function checksum(types: readonly SqlType[]): BoundAggregate {
  const argument = firstOf(types);
  if (!isInteger(argument) || argument.kind === 'bit' || argument.kind === 'bigint')
    throw invalidOperand(argument, 'checksum_agg');
  return {
    type: INT,
    start: () => {
      let mixed: number | null = null;
      return {
        add: (value) => {
          if (value !== null) mixed = (mixed ?? 0) ^ (value as number);
        },
        finish: () => mixed,
      };
    },
  };
}

export const isAggregateName = (name: string): boolean => aggregates.has(name.toUpperCase());
