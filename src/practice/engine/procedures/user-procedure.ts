/** Calls a procedure of the database. */

import { SqlError } from '../extension.ts';
import type { Database, Procedure } from '../model.ts';
import { expressionPlan, readsData } from '../run/compile.ts';
import type { Variable } from '../run/context.ts';
import { actAsModule } from '../run/impersonation.ts';
import { runStatements } from '../run/interpreter.ts';
import { enterModule } from '../run/modules.ts';
import { newActivation, type Run } from '../run/run.ts';
import { requireSameCount } from '../run/transaction-statements.ts';
import { convert, resolveType } from '../scalar/index.ts';
import type { Value } from '../types.ts';
import type { Argument } from './execute.ts';

const fold = (name: string): string => name.replace(/^@/, '').toUpperCase();

/** Returns the status. Throws 201, 8144, 8145, 8146, 8162 for wrong arguments. */
export const callProcedure = async (
  run: Run,
  procedure: Procedure,
  database: Database,
  args: readonly Argument[],
): Promise<number> => {
  const { connection } = run;
  const { state } = connection;
  const given = matchArguments(procedure, args);
  const variables = new Map<string, Variable>();
  for (const parameter of procedure.parameters) {
    const type = resolveType(parameter.type, database);
    const argument = given.get(fold(parameter.name));
    let value: Value;
    if (argument !== undefined && !argument.isDefault) {
      value = convert(argument.value, argument.type, type, { explicit: false, session: state });
    } else if (parameter.default !== undefined) {
      const expression = defaultExpression(parameter.default);
      const plan = expressionPlan(run, expression);
      const typed = await connection.quick(run, readsData(expression), (frame) => plan.evaluate(frame));
      value = convert(typed, plan.type, type, { explicit: false, session: state });
    } else {
      throw new SqlError(
        201,
        `Procedure or function '${procedure.name}' expects parameter '${parameter.name}', which was not supplied.`,
        16,
        4,
      );
    }
    if (argument?.output !== undefined && !parameter.isOutput) {
      throw new SqlError(
        8162,
        `The formal parameter "${parameter.name}" was not declared as an OUTPUT parameter, but the actual parameter passed in requested output.`,
        16,
        2,
      );
    }
    variables.set(parameter.name, { type, value });
  }
  const activation = newActivation({
    caller: run.activation,
    isInner: true,
    procedure: procedure.name,
    variables,
    home: { database, schema: procedure.schema },
    hasOwnerRights: true,
  });
  const before = state.transactionCount;
  await enterModule(run, activation, procedure.id, procedure.body, (inner) => {
    actAsModule(inner, procedure.runAs, database);
    return runStatements(inner, procedure.body);
  });
  for (const parameter of procedure.parameters) {
    const variable = variables.get(parameter.name);
    if (variable !== undefined) given.get(fold(parameter.name))?.output?.(variable.value, variable.type);
  }
  requireSameCount(before, state.transactionCount);
  return activation.result.status;
};

/** A parameter's default may be a bare word, which is a text. */
const defaultExpression = (expression: NonNullable<Procedure['parameters'][number]['default']>) =>
  expression.kind === 'column' ? (words.get(expression) ?? rememberWord(expression)) : expression;

const words = new WeakMap<object, NonNullable<Procedure['parameters'][number]['default']>>();
const rememberWord = (
  expression: NonNullable<Procedure['parameters'][number]['default']> & { readonly kind: 'column' },
): NonNullable<Procedure['parameters'][number]['default']> => {
  const word = {
    kind: 'literal',
    value: { type: 'string', text: expression.parts.join('.'), isUnicode: true },
    at: expression.at,
  } as const;
  words.set(expression, word);
  return word;
};

const matchArguments = (procedure: Procedure, args: readonly Argument[]): Map<string, Argument> => {
  const matched = new Map<string, Argument>();
  const { parameters } = procedure;
  if (parameters.length === 0 && args.length > 0) {
    throw new SqlError(
      8146,
      `Procedure ${procedure.name} has no parameters and arguments were supplied.`,
      16,
      2,
    );
  }
  if (args.length > parameters.length && args.every((argument) => argument.name === undefined)) {
    throw new SqlError(
      8144,
      `Procedure or function ${procedure.name} has too many arguments specified.`,
      16,
      2,
    );
  }
  args.forEach((argument, i) => {
    const parameter =
      argument.name === undefined
        ? parameters[i]
        : parameters.find((candidate) => fold(candidate.name) === fold(argument.name ?? ''));
    if (parameter === undefined) {
      if (parameters.length === 0) {
        throw new SqlError(
          8146,
          `Procedure ${procedure.name} has no parameters and arguments were supplied.`,
          16,
          2,
        );
      }
      if (argument.name === undefined) {
        throw new SqlError(
          8144,
          `Procedure or function ${procedure.name} has too many arguments specified.`,
          16,
          2,
        );
      }
      throw new SqlError(8145, `${argument.name} is not a parameter for procedure ${procedure.name}.`, 16, 2);
    }
    if (matched.has(fold(parameter.name))) {
      throw new SqlError(8143, `Parameter '${parameter.name}' was supplied multiple times.`, 16, 1);
    }
    matched.set(fold(parameter.name), argument);
  });
  return matched;
};
