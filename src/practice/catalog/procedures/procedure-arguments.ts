/** Reading the arguments of a system procedure. */

import { type ProcedureInvocation, SqlError } from '../../engine/extension.ts';
import { foldName } from '../../engine/model.ts';
import type { Message } from '../../engine/results.ts';
import { convert } from '../../engine/scalar/index.ts';

/** A text argument; undefined when it is missing or NULL. */
export function textArgument(invocation: ProcedureInvocation, name: string): string | undefined {
  const given = invocation.arguments.get(foldName(name));
  if (given === undefined || given.value === null) return undefined;
  const value = convert(
    given.value,
    given.type,
    { kind: 'nvarchar', length: 4000 },
    { explicit: false, session: invocation.runtime.session },
  );
  return typeof value === 'string' ? value : undefined;
}

/** A name that must be there. Throws 15600 for NULL. */
export function nameArgument(invocation: ProcedureInvocation, procedure: string, name: string): string {
  const value = textArgument(invocation, name);
  if (value === undefined || value === '') throw invalidParameter(procedure);
  return value;
}

export const invalidParameter = (procedure: string): SqlError =>
  new SqlError(15600, `An invalid parameter or option was specified for procedure 'sys.${procedure}'.`, 15);

export const information = (number: number, text: string): Message => ({
  number,
  state: 1,
  class: 10,
  text,
  line: 1,
});
