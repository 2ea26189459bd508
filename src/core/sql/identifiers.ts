import { ExpectedError } from '../errors.ts';

declare const identifierBrand: unique symbol;
/** A name that SQL Server accepts for a database, table, column, login, ...; not yet quoted. */
export type Identifier = string & { readonly [identifierBrand]: true };

/** sysname is nvarchar(128), counted in UTF-16 units as JavaScript counts them. */
const longestIdentifier = 128;

/**
 * Checks a name without changing it. Throws ExpectedError (exit `answers`, code `name-refused`) when it is empty,
 * longer than 128 UTF-16 units, or holds a NUL, which SQL Server cannot store in a name.
 */
export function identifier(name: string): Identifier {
  const shown = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}...` : name);
  if (name === '') throw refusal('A name is empty.', 'Type a name of 1 to 128 characters.');
  if (name.length > longestIdentifier) {
    throw refusal(
      `The name ${shown} has ${name.length} characters.`,
      'Type a name of at most 128 characters.',
    );
  }
  if (name.includes('\0'))
    throw refusal(`The name ${shown} holds a NUL character.`, 'Type the name again by hand.');
  return name as Identifier;
}

/** `[name]` with `]` doubled: the only way in which a name gets into T-SQL text. Refuses what `identifier` refuses. */
export function quoteName(name: string): string {
  return `[${identifier(name).replaceAll(']', ']]')}]`;
}

/** `[schema].[table]` and the like. */
export function quoteNames(...parts: readonly [string, ...string[]]): string {
  return parts.map(quoteName).join('.');
}

/**
 * `N'value'` with `'` doubled, for the few statements that take no parameter (CREATE LOGIN, EXEC in DDL). Everything
 * else passes values as parameters. Refuses NUL, at which some tools cut a script off.
 */
export function quoteString(value: string): string {
  if (value.includes('\0')) throw refusal('A text holds a NUL character.', 'Type the text again by hand.');
  return `N'${value.replaceAll("'", "''")}'`;
}

function refusal(message: string, hint: string): ExpectedError {
  return new ExpectedError({ code: 'name-refused', exit: 'answers', message, hint });
}
