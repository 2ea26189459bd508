import * as z from 'zod';
import type { FieldOption } from './step.ts';

/** Control characters, and the Unicode line and paragraph separators, which break a line as well. */
export const unprintable = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Text of one line: not empty, at most `limit` UTF-16 units (what nvarchar counts), no control characters.
 * Surrounding blanks are dropped. `what` begins the messages: "The store ID".
 */
export function shortText(what: string, limit: number) {
  return z
    .string(`${what} is text.`)
    .trim()
    .min(1, `${what} is empty.`)
    .max(limit, `${what} is too long: write at most ${limit} characters.`)
    .refine((text) => !unprintable.test(text), printableMessage(what))
    .refine((text) => text.isWellFormed(), `${what} contains half a character: type it again.`);
}

/** Company of AX: DATAAREAID is nvarchar(4). */
export const dataAreaId = z
  .string('The data area ID is text.')
  .trim()
  .regex(
    /^[A-Za-z0-9]{1,4}$/,
    'The data area ID is the company code: write 1 to 4 letters or digits, such as usrt.',
  );

const longestDatabaseName = 123;
const systemDatabases = ['master', 'model', 'msdb', 'tempdb'];

/**
 * Any name that SQL Server takes, quotes and brackets included. 123 characters and not 128: the logical name of the
 * log file is the database's name with `_log`, and that is limited to 128 as well.
 */
export const databaseName = z
  .string('The database name is text.')
  .min(1, 'The database name is empty.')
  .max(longestDatabaseName, `The database name is too long: write at most ${longestDatabaseName} characters.`)
  .refine((name) => name.trim() === name, 'The database name begins or ends with a blank: remove the blank.')
  .refine((name) => !unprintable.test(name), printableMessage('The database name'))
  .refine((name) => name.isWellFormed(), 'The database name contains half a character: type it again.')
  .refine(
    (name) => !systemDatabases.includes(name.toLowerCase()),
    "This is one of SQL Server's own databases: write the name of the shop's database.",
  );

/** `env:NAME`, `file:PATH`, `prompt:` or `stdin:`. The message never repeats what was written: it may be the password. */
export const secretReference = z
  .string('A password is given by reference. Write env:NAME, file:PATH, prompt: or stdin:.')
  .regex(
    /^(?:env:[^\s=]+|file:\S.*|prompt:|stdin:)$/,
    'Passwords do not belong in this file, anyone could read them. Write env:NAME, file:PATH, prompt: or stdin:, never the password itself.',
  );

/** One of the options; the message lists them all. */
export function oneOf(options: readonly FieldOption[]) {
  const values = options.map((option) => option.value);
  return z.enum(values, { error: `Not one of the choices: write ${listed(values)}.` });
}

export const onOrOff = z.boolean('Write true or false.');

function printableMessage(what: string): string {
  return `${what} contains a line break or another control character: remove it.`;
}

function listed(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}
