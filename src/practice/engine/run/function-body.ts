/** Runs the body of a scalar function: in the middle of an expression, so without waiting for anything. */

import type { Statement } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Database, ScalarFunction } from '../model.ts';
import { combined } from '../query/assignments.ts';
import { Binding } from '../query/binding.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { compileQuery } from '../query/query.ts';
import { moduleContext } from '../query/views.ts';
import { compileCondition, compileExpression, convert, resolveType } from '../scalar/index.ts';
import type { SqlType, Value } from '../types.ts';
import type { Execution, RowFrame, Variable } from './context.ts';
import { allStatements } from './declarations.ts';
import { noteEffort } from './pace.ts';

type Outcome = 'next' | 'break' | 'continue' | { readonly value: Value };
type Step = (frame: RowFrame) => Outcome;

/** https://learn.microsoft.com/sql/t-sql/statements/create-function-transact-sql (limitations) */
const sideEffects: ReadonlyMap<Statement['kind'], string> = new Map<Statement['kind'], string>([
  ['begin-transaction', 'BEGIN TRANSACTION'],
  ['commit', 'COMMIT TRANSACTION'],
  ['print', 'PRINT'],
  ['raiserror', 'RAISERROR'],
  ['rollback', 'ROLLBACK TRANSACTION'],
  ['save-transaction', 'SAVE TRANSACTION'],
  ['set-option', 'SET OPTION ON/OFF'],
  ['throw', 'THROW'],
  ['truncate', 'TRUNCATE TABLE'],
  ['try', 'BEGIN TRY'],
  ['waitfor-delay', 'WAITFOR'],
]);

const LOOP_LIMIT = 10_000_000;
const compiledBodies = new WeakMap<
  ScalarFunction,
  { readonly version: number; readonly steps: readonly Step[] }
>();
let depth = 0;

/** The function's value for these parameters. Throws Refusal for statements that only procedures may have here. */
export const callFunction = (
  scalar: ScalarFunction,
  database: Database,
  parameters: Map<string, Variable>,
  execution: Execution,
  context: CompileContext,
): Value => {
  if (depth >= 32) {
    throw new SqlError(
      217,
      'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
    );
  }
  const types = new Map<string, { readonly type: SqlType }>(parameters);
  const variables = new Map<string, Variable>(parameters);
  for (const statement of allStatements(scalar.body)) {
    if (statement.kind !== 'declare') continue;
    for (const { name, type } of statement.variables) {
      const resolved = resolveType(type, database);
      types.set(name, { type: resolved });
      variables.set(name, { type: resolved, value: null });
    }
  }
  const { catalogVersion } = context.instance;
  let known = compiledBodies.get(scalar);
  if (known?.version !== catalogVersion) {
    const compiler = new BodyCompiler(
      moduleContext(context, database, scalar.schema, types),
      scalar.returns,
      types,
    );
    known = { version: catalogVersion, steps: compiler.list(scalar.body) };
    compiledBodies.set(scalar, known);
  }
  const inner: Execution = {
    ...execution,
    scratch: new Map(),
    mayRestart: false,
    activation: { ...execution.activation, variables, tables: new Map(), trigger: undefined },
  };
  depth += 1;
  try {
    const outcome = runSteps(known.steps, { runtime: inner, rows: [], outer: undefined });
    return typeof outcome === 'object' ? outcome.value : null;
  } finally {
    noteEffort();
    depth -= 1;
  }
};

/** Compiles a body to see whether it may be one. Throws 443 and 444 for what a function must not do. */
export const checkFunctionBody = (
  body: readonly Statement[],
  database: Database,
  returns: SqlType,
  parameters: ReadonlyMap<string, { readonly type: SqlType }>,
  context: CompileContext,
): void => {
  const types = new Map(parameters);
  for (const statement of allStatements(body)) {
    if (statement.kind !== 'declare') continue;
    for (const { name, type } of statement.variables) types.set(name, { type: resolveType(type, database) });
  }
  new BodyCompiler({ ...context, variables: types }, returns, types).list(body);
};

const runSteps = (steps: readonly Step[], frame: RowFrame): Outcome => {
  for (const step of steps) {
    const outcome = step(frame);
    if (outcome !== 'next') return outcome;
  }
  return 'next';
};

class BodyCompiler {
  private readonly binding: Binding;
  private readonly returns: SqlType;
  private readonly types: ReadonlyMap<string, { readonly type: SqlType }>;

  constructor(
    context: CompileContext,
    returns: SqlType,
    types: ReadonlyMap<string, { readonly type: SqlType }>,
  ) {
    this.binding = new Binding(context, undefined);
    this.returns = returns;
    this.types = types;
  }

  list(statements: readonly Statement[]): Step[] {
    return statements.map((statement) => this.step(statement));
  }

  private assignment(name: string, expression: Parameters<typeof compileExpression>[0]): Step {
    const compiled = compileExpression(expression, this.binding);
    const type = this.types.get(name)?.type;
    return (frame) => {
      const variable = frame.runtime.activation.variables.get(name);
      if (variable === undefined || type === undefined) {
        throw new SqlError(137, `Must declare the scalar variable "${name}".`, 15, 2);
      }
      variable.value = convert(compiled.evaluate(frame), compiled.type, type, { explicit: false });
      return 'next';
    };
  }

  private step(statement: Statement): Step {
    switch (statement.kind) {
      case 'block': {
        const steps = this.list(statement.statements);
        return (frame) => runSteps(steps, frame);
      }
      case 'if': {
        const test = compileCondition(statement.condition, this.binding);
        const then = this.step(statement.then);
        const otherwise = statement.otherwise === undefined ? undefined : this.step(statement.otherwise);
        return (frame) => (test(frame) === true ? then(frame) : (otherwise?.(frame) ?? 'next'));
      }
      case 'while': {
        const test = compileCondition(statement.condition, this.binding);
        const body = this.step(statement.body);
        return (frame) => {
          for (let round = 0; test(frame) === true; round++) {
            if (round > LOOP_LIMIT) throw new Refusal('such a long loop in a function');
            const outcome = body(frame);
            if (outcome === 'break') break;
            if (typeof outcome === 'object') return outcome;
          }
          return 'next';
        };
      }
      case 'break':
      case 'continue': {
        const { kind } = statement;
        return () => kind;
      }
      case 'return': {
        if (statement.value === undefined) return () => ({ value: null });
        const compiled = compileExpression(statement.value, this.binding);
        return (frame) => ({
          value: convert(compiled.evaluate(frame), compiled.type, this.returns, { explicit: false }),
        });
      }
      case 'declare': {
        const steps = statement.variables.flatMap(({ name, value }) =>
          value === undefined ? [] : [this.assignment(name, value)],
        );
        return (frame) => runSteps(steps, frame);
      }
      case 'set-variable': {
        const target = { kind: 'variable', name: statement.variable, at: statement.value.at } as const;
        return this.assignment(statement.variable, combined(target, statement.operator, statement.value));
      }
      case 'query': {
        const query = compileQuery(statement.query, this.binding.context, undefined);
        if (!query.assigns) {
          throw new SqlError(
            444,
            'Select statements included within a function cannot return data to a client.',
          );
        }
        return (frame) => {
          const rows = query.rows(frame.runtime, undefined);
          while (rows.next().done !== true);
          return 'next';
        };
      }
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        if (statement.target.kind === 'table') {
          throw new SqlError(
            443,
            `Invalid use of a side-effecting operator '${statement.kind.toUpperCase()}' within a function.`,
            16,
            15,
          );
        }
        throw new Refusal(`${statement.kind.toUpperCase()} in a scalar function`);
      default:
        if (sideEffects.has(statement.kind)) {
          throw new SqlError(
            443,
            `Invalid use of a side-effecting operator '${sideEffects.get(statement.kind)}' within a function.`,
            16,
            14,
          );
        }
        throw new Refusal(`${statement.kind.replace(/-/g, ' ')} in a scalar function`);
    }
  }
}
