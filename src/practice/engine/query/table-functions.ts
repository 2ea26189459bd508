/** Functions in FROM: inline functions of the database, and those of the system. */

import { systemViews } from '../../catalog/index.ts';
import type { TableSource } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Execution, RowFrame, Variable } from '../run/context.ts';
import { compileExpression, converter, resolveType } from '../scalar/index.ts';
import type { Binding } from './binding.ts';
import { nameText } from './compile-context.ts';
import { addLeaf, renamed, type SourceTree } from './from.ts';
import { findObject, invalidObject } from './objects.ts';
import { compileQuery } from './query.ts';
import { moduleContext } from './views.ts';

export const bindTableFunction = (
  source: TableSource & { readonly kind: 'function' },
  binding: Binding,
  isLateral: boolean,
): SourceTree => {
  const scope = isLateral ? binding : outerScope(binding);
  const { name, context } = { name: source.name, context: binding.context };
  const alias = source.alias ?? name.name;
  const system = systemViews.get(`${(name.schema ?? 'sys').toLowerCase()}.${name.name.toLowerCase()}`);
  const arguments_ = source.arguments.map((argument) =>
    argument.kind === 'default' ? undefined : compileExpression(argument, scope),
  );
  if (system?.parameters !== undefined) {
    if (arguments_.length !== system.parameters) throw wrongArguments(name.name);
    return addLeaf(binding, { name: alias }, renamed(system.columns, source.columns, alias), {
      kind: 'rows',
      *rows(frame: RowFrame) {
        const inner = isLateral ? frame : (frame.outer ?? frame);
        const values = arguments_.map((argument) => argument?.evaluate(inner) ?? null);
        yield* system.rows(frame.runtime, frame.runtime.database, values);
      },
    });
  }
  const found = findObject(name, context);
  if (found === undefined) {
    if (name.schema === undefined) throw new Refusal(`the function ${name.name} in FROM`);
    throw invalidObject(name);
  }
  const { object, database } = found;
  if (object.kind !== 'table-function') throw invalidObject(name);
  if (context.checksAccess) context.accesses.push({ permission: 'SELECT', database, object });
  if (context.depth >= 32)
    throw new SqlError(4413, `Could not use view or function '${object.name}' because of binding errors.`);
  if (arguments_.length > object.parameters.length) {
    throw new SqlError(
      8144,
      `Procedure or function ${nameText(name)} has too many arguments specified.`,
      16,
      3,
    );
  }
  const parameters = object.parameters.map((parameter, i) => {
    const type = resolveType(parameter.type, database);
    const argument = arguments_[i];
    if (source.arguments[i]?.kind === 'default' && parameter.default === undefined) {
      throw new Refusal('DEFAULT for a parameter without one');
    }
    const given =
      argument ?? (parameter.default === undefined ? undefined : compileExpression(parameter.default, scope));
    if (given === undefined || (argument === undefined && source.arguments[i] === undefined)) {
      throw new SqlError(
        313,
        `An insufficient number of arguments were supplied for the procedure or function ${nameText(name)}.`,
        16,
        3,
      );
    }
    return { name: parameter.name, type, given, convert: converter(given.type, type, { explicit: false }) };
  });
  const types = new Map(parameters.map(({ name: parameter, type }) => [parameter, { type }]));
  const query = compileQuery(object.query, moduleContext(context, database, object.schema, types), undefined);
  return addLeaf(binding, { name: alias }, renamed(query.columns, source.columns, alias), {
    kind: 'rows',
    rows: (frame: RowFrame) => {
      const evaluated = isLateral ? frame : (frame.outer ?? frame);
      const variables = new Map<string, Variable>(
        parameters.map(({ name: parameter, type, given, convert }) => [
          parameter,
          { type, value: convert(given.evaluate(evaluated)) },
        ]),
      );
      return query.rows(innerExecution(frame.runtime, variables), undefined);
    },
  });
};

/** The same statement's run, seen from inside a function: its own variables, nothing computed yet. */
export const innerExecution = (execution: Execution, variables: Map<string, Variable>): Execution => ({
  ...execution,
  scratch: new Map(),
  activation: { ...execution.activation, variables, tables: new Map(), trigger: undefined },
});

/** Without APPLY a function's arguments see the query around this one, not the tables beside it. */
const outerScope = (binding: Binding): Binding => binding.outer ?? binding;

const wrongArguments = (name: string): SqlError =>
  new SqlError(8144, `Procedure or function ${name} has too many arguments specified.`, 16, 3);
