/** Compiles the statements of a batch or module before any of them runs. */

import type { Expression, Statement } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { contains } from '../query/syntax-walk.ts';
import { CompileError, conditionPlan, expressionPlan, planOf } from './compile.ts';
import type { Activation } from './context.ts';
import { allStatements, declareVariables } from './declarations.ts';
import type { Run } from './run.ts';
import { compileData } from './run-data.ts';
import { combinedErrors } from './several-errors.ts';

/** A missing object may still come into being before its statement runs: deferred name resolution. */
export const deferred: ReadonlySet<number> = new Set([208, 4121, 2812, 195, 916, 942]);

/** An error that the batch is refused for, with the statement it is in. */
export class BadStatement extends Error {
  readonly error: CompileError;
  readonly line: number;
  /** The bad statements after this one. */
  readonly others: BadStatement[] = [];
  constructor(error: CompileError, line: number) {
    super(error.message);
    this.error = error;
    this.line = line;
  }
}

/** Throws BadStatement for the first statement that does not bind; it knows of the others. */
export const checkStatements = (run: Run, statements: readonly Statement[]): void => {
  let first: BadStatement | undefined;
  for (const statement of allStatements(statements)) {
    try {
      compile(run, statement);
    } catch (problem) {
      if (!(problem instanceof CompileError)) {
        // Permissions are checked when the statement runs.
        if (isPermissionProblem(problem)) continue;
        throw problem;
      }
      if (deferred.has(problem.problem.number) && problem.problem.number !== 195) continue;
      const bad = new BadStatement(problem, statement.at.line);
      if (first === undefined) first = bad;
      else first.others.push(bad);
    }
  }
  if (first !== undefined) throw first;
};

/** The errors of all bad statements as one. */
export const allErrors = (bad: BadStatement): SqlError =>
  combinedErrors([bad.error.problem, ...bad.others.map((other) => other.error.problem)]);

const isPermissionProblem = (problem: unknown): boolean =>
  problem instanceof Error && 'number' in problem && (problem.number === 229 || problem.number === 916);

/** A module's body, in an activation like its own. Throws the error itself. */
export const checkBody = (run: Run, activation: Activation, body: readonly Statement[]): void => {
  const inner: Run = { ...run, activation };
  declareVariables(inner, body);
  try {
    checkStatements(inner, body);
  } catch (problem) {
    if (problem instanceof BadStatement) throw allErrors(problem);
    throw problem;
  }
};

/** 128: there are no columns where PRINT stands. */
const refuseNames = (expression: Expression): void => {
  contains(expression, (node) => {
    if (node.kind !== 'column') return false;
    throw new CompileError(
      new SqlError(
        128,
        `The name "${node.parts.join('.')}" is not permitted in this context. Valid expressions are constants, constant expressions, and (in some contexts) variables. Column names are not permitted.`,
        15,
      ),
    );
  });
};

const compile = (run: Run, statement: Statement): void => {
  switch (statement.kind) {
    case 'query':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      planOf(run, statement, (context) => compileData(statement, context));
      return;
    case 'if':
    case 'while':
      conditionPlan(run, statement.condition);
      return;
    case 'set-variable':
      if (!run.activation.variables.has(statement.variable)) {
        throw new CompileError(
          new SqlError(137, `Must declare the scalar variable "${statement.variable}".`, 15, 1),
        );
      }
      expressionPlan(run, statement.value);
      return;
    case 'declare':
      for (const { value } of statement.variables) if (value !== undefined) expressionPlan(run, value);
      return;
    case 'print':
      refuseNames(statement.message);
      expressionPlan(run, statement.message);
      return;
    case 'return':
      if (statement.value !== undefined) expressionPlan(run, statement.value);
      return;
    default:
      return;
  }
};
