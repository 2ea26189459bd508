/** How each type of a fixed form is written: its tokens, its facets and its bare value. */

import type { DateTimeOffset, SqlType, Value } from '../../engine/types.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { guidBytes } from './guid.ts';
import {
  DATETIME_UNITS_PER_DAY,
  MINUTES_PER_DAY,
  TICKS_PER_DAY,
  ticksPerUnit,
  timeLength,
} from './temporal.ts';
import { WIRE } from './wire-types.ts';

export type ScalarForm = {
  /** TYPE_INFO of a column: the nullable token and what follows it. */
  readonly typeInfo: readonly number[];
  /** Token and facets inside a sql_variant. */
  readonly variantToken: number;
  readonly variantFacets: readonly number[];
  /** Bytes of the bare value. */
  readonly length: number;
  write(out: ByteWriter, value: Exclude<Value, null>): void;
};

/** The engine gave a value that is not of the column's type: a bug of the engine, told plainly. */
export class WrongValue extends TypeError {
  constructor(type: SqlType, value: Value) {
    super(`the engine gave ${value === null ? 'NULL' : typeof value} as a value of ${type.kind}`);
  }
}

function form(token: number, size: number, variantToken: number, write: ScalarForm['write']): ScalarForm {
  return { typeInfo: [token, size], variantToken, variantFacets: [], length: size, write };
}

function numberOf(type: SqlType, value: Value): number {
  if (typeof value !== 'number') throw new WrongValue(type, value);
  return value;
}

function bigintOf(type: SqlType, value: Value): bigint {
  if (typeof value !== 'bigint') throw new WrongValue(type, value);
  return value;
}

function isOffsetTime(value: Value): value is DateTimeOffset {
  return typeof value === 'object' && value !== null && 'utc' in value;
}

/** Inside a sql_variant decimals always have the length of this one: Microsoft's clients read no other. */
const LARGEST_PRECISION = 38;

/** Bytes of a decimal of this precision, sign included. */
function decimalLength(precision: number): number {
  return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}

function decimalForm(type: SqlType, isInVariant: boolean): ScalarForm {
  const precision = type.precision ?? 18;
  const scale = type.scale ?? 0;
  const length = decimalLength(isInVariant ? LARGEST_PRECISION : precision);
  const token = type.kind === 'decimal' ? WIRE.decimalN : WIRE.numericN;
  return {
    typeInfo: [token, length, precision, scale],
    variantToken: token,
    variantFacets: [precision, scale],
    length,
    write(out, value) {
      const number = bigintOf(type, value);
      out.uint8(number < 0n ? 0 : 1);
      const magnitude = number < 0n ? -number : number;
      if (length === 5) {
        out.uint32(Number(magnitude));
        return;
      }
      out.uint64(magnitude);
      const rest = magnitude >> 64n;
      if (length === 13) out.uint32(Number(rest));
      else if (length === 17) out.uint64(rest);
    },
  };
}

function writeTime(out: ByteWriter, ticks: bigint, scale: number): void {
  out.uint(Number(ticks / ticksPerUnit(scale)), timeLength(scale));
}

function writeDatetime2(out: ByteWriter, ticks: bigint, scale: number): void {
  writeTime(out, ticks % TICKS_PER_DAY, scale);
  out.uint24(Number(ticks / TICKS_PER_DAY));
}

function scaledForm(token: number, scale: number, length: number, write: ScalarForm['write']): ScalarForm {
  return { typeInfo: [token, scale], variantToken: token, variantFacets: [scale], length, write };
}

/** The form of a type; undefined for those whose length varies. */
export function scalarForm(type: SqlType, isInVariant = false): ScalarForm | undefined {
  const scale = type.scale ?? 7;
  switch (type.kind) {
    case 'bit':
      return form(WIRE.bitN, 1, WIRE.bit, (out, value) => out.uint8(value ? 1 : 0));
    case 'tinyint':
      return form(WIRE.intN, 1, WIRE.int1, (out, value) => out.uint8(numberOf(type, value)));
    case 'smallint':
      return form(WIRE.intN, 2, WIRE.int2, (out, value) => out.int16(numberOf(type, value)));
    case 'int':
    case 'null':
      return form(WIRE.intN, 4, WIRE.int4, (out, value) => out.int32(numberOf(type, value)));
    case 'bigint':
      return form(WIRE.intN, 8, WIRE.int8, (out, value) => out.int64(bigintOf(type, value)));
    case 'real':
      return form(WIRE.floatN, 4, WIRE.real, (out, value) => out.float(numberOf(type, value)));
    case 'float':
      return form(WIRE.floatN, 8, WIRE.float, (out, value) => out.double(numberOf(type, value)));
    case 'smallmoney':
      return form(WIRE.moneyN, 4, WIRE.smallmoney, (out, value) => out.int32(Number(bigintOf(type, value))));
    case 'money':
      return form(WIRE.moneyN, 8, WIRE.money, (out, value) => {
        const number = bigintOf(type, value);
        out.int32(Number(number >> 32n));
        out.uint32(Number(number & 0xffffffffn));
      });
    case 'numeric':
    case 'decimal':
      return decimalForm(type, isInVariant);
    case 'smalldatetime':
      return form(WIRE.datetimeN, 4, WIRE.smalldatetime, (out, value) => {
        const minutes = numberOf(type, value);
        out.uint16(Math.floor(minutes / MINUTES_PER_DAY));
        out.uint16(minutes % MINUTES_PER_DAY);
      });
    case 'datetime':
      return form(WIRE.datetimeN, 8, WIRE.datetime, (out, value) => {
        const units = numberOf(type, value);
        const days = Math.floor(units / DATETIME_UNITS_PER_DAY);
        out.int32(days);
        out.uint32(units - days * DATETIME_UNITS_PER_DAY);
      });
    case 'uniqueidentifier':
      return form(WIRE.guid, 16, WIRE.guid, (out, value) => {
        if (typeof value !== 'string') throw new WrongValue(type, value);
        out.bytes(guidBytes(value));
      });
    case 'date':
      return {
        ...form(WIRE.date, 3, WIRE.date, (out, value) => out.uint24(numberOf(type, value))),
        typeInfo: [WIRE.date],
      };
    case 'time':
      return scaledForm(WIRE.time, scale, timeLength(scale), (out, value) =>
        writeTime(out, bigintOf(type, value), scale),
      );
    case 'datetime2':
      return scaledForm(WIRE.datetime2, scale, timeLength(scale) + 3, (out, value) =>
        writeDatetime2(out, bigintOf(type, value), scale),
      );
    case 'datetimeoffset':
      return scaledForm(WIRE.datetimeoffset, scale, timeLength(scale) + 5, (out, value) => {
        if (!isOffsetTime(value)) throw new WrongValue(type, value);
        writeDatetime2(out, value.utc, scale);
        out.int16(value.offset);
      });
    default:
      return undefined;
  }
}
