/** printf-like texts of RAISERROR and FORMATMESSAGE: https://learn.microsoft.com/sql/t-sql/language-elements/raiserror-transact-sql */

import { Refusal, SqlError } from '../../extension.ts';
import type { SqlType, Value } from '../../types.ts';
import { isCharacter, isInteger, nvarchar } from '../type-facts.ts';
import type { ScalarFunction } from './definition.ts';
import { textArgument } from './text-arguments.ts';

export type FormatArgument = { readonly type: SqlType; readonly value: Value };

/** %[flags][width][.precision][h|l|I64]type; a star takes the number from the next argument. */
const placeholder = /%(?:%|([-+0# ]*)(\*|\d+)?(?:\.(\*|\d*))?(?:h|l|I64)?([a-zA-Z]))/g;
const LIMIT = 2047;

/** Fills the placeholders %s %d %i %u %o %x %X; NULL and missing arguments become (null). Throws 2786, 2787. */
export function formatMessage(format: string, args: readonly FormatArgument[]): string {
  let next = 0;
  const take = (): FormatArgument | undefined => {
    const argument = args[next];
    next += 1;
    return argument;
  };
  const text = format.replace(
    placeholder,
    (
      whole,
      flags: string | undefined,
      width: string | undefined,
      precision: string | undefined,
      kind: string | undefined,
    ) => {
      if (kind === undefined) return '%';
      const columns = measure(width, take);
      const places = precision === undefined ? undefined : measure(precision, take);
      const argument = take();
      const place = next;
      const shown = show(kind, argument, place, flags ?? '', places, whole);
      return pad(shown, columns, flags ?? '', kind);
    },
  );
  // Longer messages end in an ellipsis.
  return text.length > LIMIT ? `${text.slice(0, LIMIT - 3)}...` : text;
}

function measure(written: string | undefined, take: () => FormatArgument | undefined): number | undefined {
  if (written === undefined) return undefined;
  return written === '*' ? Number(take()?.value ?? 0) : Number(written);
}

function show(
  kind: string,
  argument: FormatArgument | undefined,
  place: number,
  flags: string,
  places: number | undefined,
  whole: string,
): string {
  const value = argument?.value ?? null;
  if (kind === 's') {
    if (value === null) return '(null)';
    if (argument && !isCharacter(argument.type)) throw wrongType(place);
    return places === undefined ? String(value) : String(value).slice(0, places);
  }
  if (!'diuoxX'.includes(kind)) throw new SqlError(2787, `Invalid format specification: '${whole}'.`);
  if (value === null) return '(null)';
  if (argument && !isInteger(argument.type)) throw wrongType(place);
  const number = typeof value === 'bigint' ? value : BigInt(Number(value));
  const bits = argument?.type.kind === 'bigint' ? 64 : 32;
  return digits(kind, number, bits, flags).padStart(places ?? 0, '0');
}

const wrongType = (place: number): SqlError =>
  new SqlError(
    2786,
    `The data type of substitution parameter ${place} does not match the expected type of the format specification.`,
  );

function digits(kind: string, value: bigint, bits: number, flags: string): string {
  const unsigned = BigInt.asUintN(bits, value);
  const prefix = flags.includes('#');
  switch (kind) {
    case 'u':
      return unsigned.toString();
    case 'o':
      return (prefix ? '0' : '') + unsigned.toString(8);
    case 'x':
      return (prefix ? '0x' : '') + unsigned.toString(16);
    case 'X':
      return (prefix ? '0X' : '') + unsigned.toString(16).toUpperCase();
    default:
      return (
        (value >= 0n && flags.includes('+') ? '+' : value >= 0n && flags.includes(' ') ? ' ' : '') +
        value.toString()
      );
  }
}

function pad(text: string, width: number | undefined, flags: string, kind: string): string {
  if (width === undefined) return text;
  // Nobody sees more than the longest message: one more, so that it is cut with its ellipsis.
  const columns = Math.min(width, LIMIT + 1);
  if (flags.includes('-')) return text.padEnd(columns, ' ');
  if (!flags.includes('0') || kind === 's') return text.padStart(columns, ' ');
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(columns - sign.length, '0');
}

/** FORMATMESSAGE with a text; with a message number it is refused, as this server keeps no sys.messages of its own. */
export const formatMessageFunction: ScalarFunction = {
  name: 'FORMATMESSAGE',
  minArguments: 1,
  maxArguments: 21,
  isPure: true,
  bind: (binding) => {
    const [first] = binding.types;
    if (first && isInteger(first)) throw new Refusal('FORMATMESSAGE with a message number');
    const format = textArgument(binding, 0, 'formatmessage');
    return {
      type: nvarchar(LIMIT),
      isNullable: true,
      evaluate: ([value = null, ...rest]) =>
        value === null
          ? null
          : formatMessage(
              format.read(value),
              rest.map((item, index) => ({
                type: binding.types[index + 1] ?? { kind: 'null' },
                value: item,
              })),
            ),
    };
  },
};
