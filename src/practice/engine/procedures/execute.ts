/** EXEC: procedures of the database, of the system, and texts. */

import { refusedProcedures, requirePermission, systemProcedures } from '../../catalog/index.ts';
import type { Execute, Expression, ObjectName } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { nameText } from '../query/compile-context.ts';
import { findObject } from '../query/objects.ts';
import { contextOf } from '../run/compile.ts';
import { assigned, evaluate } from '../run/control.ts';
import type { Run } from '../run/run.ts';
import { convert } from '../scalar/index.ts';
import type { SqlType, Value } from '../types.ts';
import { parseText, runText } from './dynamic-text.ts';
import { engineProcedures } from './engine-procedures.ts';
import { runSystemProcedure } from './system-procedure.ts';
import { callProcedure } from './user-procedure.ts';

/** An argument of a call. `output` takes the value that the procedure leaves in it. */
export type Argument = {
  readonly name: string | undefined;
  readonly type: SqlType;
  readonly value: Value;
  readonly isDefault: boolean;
  readonly output: ((value: Value, type: SqlType) => void) | undefined;
};

export const executeCall = async (run: Run, call: Execute): Promise<void> => {
  const { target } = call;
  if (target.kind === 'text') {
    const typed = await evaluate(run, target.text);
    const text = convert(typed.value, typed.type, { kind: 'nvarchar', length: 'max' }, { explicit: false });
    if (typeof text === 'string') await runText(run, parseText(run, text, ''), new Map());
    return;
  }
  const name = target.kind === 'procedure' ? target.name : await nameIn(run, target.name);
  let status: number;
  try {
    status = await callByName(run, name, await argumentsOf(run, call));
  } catch (problem) {
    // sp_releaseapplock reports an error and still returns its status.
    if (!(problem instanceof SqlError) || problem.number !== 1223) throw problem;
    setStatus(run, call, -999);
    throw problem;
  }
  setStatus(run, call, status);
};

const setStatus = (run: Run, call: Execute, status: number): void => {
  if (call.returnTo !== undefined) {
    const variable = run.activation.variables.get(call.returnTo);
    if (variable === undefined)
      throw new SqlError(137, `Must declare the scalar variable "${call.returnTo}".`, 15, 2);
    variable.value = assigned(run, { value: status, type: { kind: 'int' } }, variable.type);
  }
};

const argumentsOf = async (run: Run, call: Execute): Promise<readonly Argument[]> => {
  const list: Argument[] = [];
  for (const argument of call.arguments) {
    if (argument.value.kind === 'default') {
      list.push({
        name: argument.name,
        type: { kind: 'null' },
        value: null,
        isDefault: true,
        output: undefined,
      });
      continue;
    }
    const typed = await evaluate(run, asText(argument.value));
    list.push({
      name: argument.name,
      ...typed,
      isDefault: false,
      output: argument.isOutput ? outputTo(run, argument.value) : undefined,
    });
  }
  return list;
};

/** A bare word as an argument is a text: EXEC sp_help customers. */
const asText = (value: Expression): Expression =>
  value.kind === 'column'
    ? {
        kind: 'literal',
        value: { type: 'string', text: value.parts.join('.'), isUnicode: true },
        at: value.at,
      }
    : value;

const outputTo = (run: Run, target: Expression): Argument['output'] => {
  if (target.kind !== 'variable') {
    throw new SqlError(
      179,
      'Cannot use the OUTPUT option when passing a constant to a stored procedure.',
      15,
    );
  }
  return (value, type) => {
    const variable = run.activation.variables.get(target.name);
    if (variable !== undefined) variable.value = assigned(run, { value, type }, variable.type);
  };
};

const nameIn = async (run: Run, variable: string): Promise<ObjectName> => {
  const value = run.activation.variables.get(variable)?.value;
  const parts = String(value ?? '')
    .split('.')
    .map((part) => part.replace(/^\[(.*)\]$/, '$1'));
  const name = parts.pop() ?? '';
  const schema = parts.pop();
  const database = parts.pop();
  return {
    name,
    ...(schema === undefined ? {} : { schema }),
    ...(database === undefined ? {} : { database }),
    at: { line: 1, offset: 0 },
  };
};

/** Calls a procedure by name and gives its return status. Throws 2812 when there is none. */
export const callByName = async (run: Run, name: ObjectName, args: readonly Argument[]): Promise<number> => {
  const system = name.name.toLowerCase();
  const isSystemSchema = name.schema === undefined || ['sys', 'dbo', ''].includes(name.schema.toLowerCase());
  if (isSystemSchema && (system.startsWith('sp_') || system.startsWith('xp_'))) {
    const ours = engineProcedures.get(system);
    if (ours !== undefined) return ours(run, args);
    const procedure = systemProcedures.get(system);
    if (procedure !== undefined) return runSystemProcedure(run, procedure, args, name);
    if (refusedProcedures.has(system)) throw new Refusal(`the procedure ${system}`);
  }
  const found = findObject(name, contextOf(run));
  if (found?.object.kind === 'scalar-function') throw new Refusal('EXEC of a scalar function');
  if (found?.object.kind !== 'procedure') {
    throw new SqlError(2812, `Could not find stored procedure '${nameText(name)}'.`, 16, 62);
  }
  const { object, database } = found;
  if (!run.activation.hasOwnerRights) {
    requirePermission(run.connection.state, database, 'EXECUTE', { kind: 'object', object });
  }
  return callProcedure(run, object, database, args);
};
