/** The errors of types, conversions and expressions, with SQL Server's numbers and texts. */

import { SqlError } from '../extension.ts';
import type { SqlType } from '../types.ts';
import { typeName } from './type-facts.ts';

/** 8115: the value does not fit the type. `from` names the source type where the message does. */
export const overflow = (to: SqlType, from = 'expression', state = 2): SqlError =>
  new SqlError(8115, `Arithmetic overflow error converting ${from} to data type ${typeName(to)}.`, 16, state);

export const divideByZero = (): SqlError => new SqlError(8134, 'Divide by zero error encountered.');

/** 206: no conversion exists between the two types. */
export const typeClash = (from: SqlType, to: SqlType): SqlError =>
  new SqlError(206, `Operand type clash: ${typeName(from)} is incompatible with ${typeName(to)}`, 16, 2);

/** 257: the conversion must be written. */
export const implicitForbidden = (from: SqlType, to: SqlType): SqlError =>
  new SqlError(
    257,
    `Implicit conversion from data type ${typeName(from)} to ${typeName(to)} is not allowed. Use the CONVERT function to run this query.`,
    16,
    3,
  );

/** 529: not even a written conversion exists. */
export const explicitForbidden = (from: SqlType, to: SqlType): SqlError =>
  new SqlError(
    529,
    `Explicit conversion from data type ${typeName(from)} to ${typeName(to)} is not allowed.`,
    16,
    2,
  );

/** 245: a text is no number of the type. */
export const textIsNot = (text: string, from: SqlType, to: SqlType): SqlError =>
  new SqlError(
    245,
    `Conversion failed when converting the ${typeName(from)} value '${text}' to data type ${typeName(to)}.`,
  );

/** 8114: the same for the types whose message does not quote the text. */
export const cannotConvert = (from: SqlType, to: SqlType): SqlError =>
  new SqlError(8114, `Error converting data type ${typeName(from)} to ${typeName(to)}.`, 16, 5);

/** 241: a text is no date. */
export const textIsNoDate = (): SqlError =>
  new SqlError(241, 'Conversion failed when converting date and/or time from character string.');

/** 242: a date outside the range of datetime or smalldatetime. */
export const dateOutOfRange = (from: SqlType, to: SqlType): SqlError =>
  new SqlError(
    242,
    `The conversion of a ${typeName(from)} data type to a ${typeName(to)} data type resulted in an out-of-range value.`,
    16,
    3,
  );

/** 402: the operator knows neither of the pair. */
export const incompatible = (left: SqlType, right: SqlType, operator: string): SqlError =>
  new SqlError(
    402,
    `The data types ${typeName(left)} and ${typeName(right)} are incompatible in the ${operator} operator.`,
  );

/** 8117: the operator or aggregate does not take the type. */
export const invalidOperand = (type: SqlType, operator: string): SqlError =>
  new SqlError(8117, `Operand data type ${typeName(type)} is invalid for ${operator} operator.`);

/** 8116: the function does not take the type. `index` counts from 1. */
export const invalidArgument = (type: SqlType, index: number, name: string): SqlError =>
  new SqlError(
    8116,
    `Argument data type ${typeName(type)} is invalid for argument ${index} of ${name.toLowerCase()} function.`,
  );

/** 281: no such style. */
export const invalidStyle = (style: number, from: SqlType): SqlError =>
  new SqlError(
    281,
    `${style} is not a valid style number when converting from ${typeName(from)} to a character string.`,
  );

export const truncated = (): SqlError =>
  new SqlError(8152, 'String or binary data would be truncated.', 16, 14);
