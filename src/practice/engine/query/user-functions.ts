/** Calls of a database's own scalar functions. */

import type { ObjectName } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { RowFrame } from '../run/context.ts';
import { callFunction } from '../run/function-body.ts';
import { type Compiled, compileExpression, converter, resolveType } from '../scalar/index.ts';
import type { Binding } from './binding.ts';
import { nameText } from './compile-context.ts';
import { findObject } from './objects.ts';

export const compileUserFunction = (
  name: ObjectName,
  args: readonly (Compiled | undefined)[],
  binding: Binding,
): Compiled | undefined => {
  const { context } = binding;
  const found = findObject(name, context);
  if (found?.object.kind !== 'scalar-function') return undefined;
  const { object, database } = found;
  if (context.checksAccess) context.accesses.push({ permission: 'EXECUTE', database, object });
  if (args.length < object.parameters.length) {
    throw new SqlError(
      313,
      `An insufficient number of arguments were supplied for the procedure or function ${nameText(name)}.`,
      16,
      2,
    );
  }
  if (args.length > object.parameters.length) {
    throw new SqlError(
      8144,
      `Procedure or function ${nameText(name)} has too many arguments specified.`,
      16,
      2,
    );
  }
  const parameters = object.parameters.map((parameter, i) => {
    const type = resolveType(parameter.type, database);
    if (args[i] === undefined && parameter.default === undefined)
      throw new Refusal('DEFAULT for a parameter without one');
    const given =
      args[i] ??
      (parameter.default === undefined ? undefined : compileExpression(parameter.default, binding));
    return {
      name: parameter.name,
      type,
      given,
      convert: given === undefined ? undefined : converter(given.type, type, { explicit: false }),
    };
  });
  return {
    type: object.returns,
    isNullable: true,
    evaluate: (frame) =>
      callFunction(
        object,
        database,
        new Map(
          parameters.map(({ name: parameter, type, given, convert }) => [
            parameter,
            { type, value: convert?.(given?.evaluate(frame) ?? null) ?? null },
          ]),
        ),
        (frame as RowFrame).runtime,
        context,
      ),
  };
};
