/** Runs lists of statements: one after another, with errors going where TRY, XACT_ABORT and the error itself send them. */

import { SyntaxProblem } from '../../language/parser.ts';
import type { Statement } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { Message } from '../results.ts';
import { Cancelled } from '../rows/locks.ts';
import { CompileError } from './compile.ts';
import { executeStatement } from './execute-statement.ts';
import { withoutRoom } from './exhausted.ts';
import { LocatedError } from './located.ts';
import { BatchAborted, type Effect, effectOf, type Flow, Raised, ScopeAborted } from './outcomes.ts';
import { giveTurn, isTurnDue } from './pace.ts';
import type { Run } from './run.ts';
import { intoOf } from './select-into.ts';
import { SeveralErrors } from './several-errors.ts';
import { ThrownError } from './thrown.ts';

export const runStatements = async (run: Run, statements: readonly Statement[]): Promise<Flow> => {
  for (const statement of statements) {
    const flow = await runStatement(run, statement);
    if (flow !== 'next') return flow;
  }
  return 'next';
};

/** Statements whose end is not an event of its own: @@ERROR stays what it is. */
const silent: ReadonlySet<Statement['kind']> = new Set([
  'block',
  'if',
  'while',
  'try',
  'declare-table',
  'execute',
  'raiserror',
  'break',
  'continue',
]);

const runStatement = async (run: Run, statement: Statement): Promise<Flow> => {
  if (run.signal.aborted) throw new Cancelled();
  // Long loops of quick statements give the event loop its turn, so that an attention is seen.
  if (isTurnDue()) await giveTurn();
  try {
    const flow = await executeStatement(run, statement);
    if (!silent.has(statement.kind)) run.connection.state.lastError = 0;
    return flow;
  } catch (problem) {
    return handleProblem(run, problem, statement);
  }
};

/** An error with its place. undefined: not an error of SQL. */
const messageOf = (problem: unknown, statement: Statement, run: Run): Message | undefined => {
  const procedure = run.activation.procedure === undefined ? {} : { procedure: run.activation.procedure };
  const base = problem instanceof CompileError || problem instanceof LocatedError ? problem.problem : problem;
  const line = problem instanceof LocatedError ? problem.line : statement.at.line;
  if (base instanceof SyntaxProblem) {
    return { number: base.number, state: base.state, class: base.class, text: base.text, line: base.line };
  }
  if (base instanceof ThrownError)
    return base.sent ?? { ...base.fields, line: statement.at.line, ...procedure };
  if (base instanceof SqlError) {
    return {
      number: base.number,
      state: base.state,
      class: base.class,
      text: base.message,
      line,
      ...procedure,
    };
  }
  return undefined;
};

const isInTrigger = (run: Run): boolean => {
  for (let activation = run.activation.caller; activation !== undefined; activation = activation.caller) {
    if (activation.trigger !== undefined) return true;
  }
  return run.activation.trigger !== undefined;
};

/** Statements whose changes are taken back when they fail: that is what 3621 says. A plain SELECT has none. */
const isTakenBack = (statement: Statement): boolean =>
  statement.kind === 'insert' ||
  statement.kind === 'update' ||
  statement.kind === 'delete' ||
  statement.kind === 'merge' ||
  (statement.kind === 'query' && intoOf(statement.query) !== undefined);

const handleProblem = (run: Run, thrown: unknown, statement: Statement): Flow => {
  const problem = withoutRoom(thrown);
  const error = messageOf(problem, statement, run);
  if (error === undefined) throw problem;
  const { connection, sink, activation } = run;
  const { state } = connection;
  state.lastError = error.number;
  state.rowCount = 0n;
  const isThrown = problem instanceof ThrownError;
  const isRaised = isThrown && problem.isRaiserror;
  const isCompileTime = problem instanceof CompileError || problem instanceof SyntaxProblem;
  // A text that does not compile ends itself; the statement that called it is only one statement.
  const isInnerText = problem instanceof LocatedError || problem instanceof SyntaxProblem;
  let effect: Effect =
    isRaised || isInnerText ? 'statement' : isThrown ? 'batch' : effectOf(error.number, isCompileTime);
  if (isInTrigger(run) && !isRaised) effect = 'transaction';
  if (state.options.has('xact_abort') && !isRaised) effect = 'transaction';
  if (error.number === 1205) connection.rollbackAll(sink);

  const errors = [error, ...followingOf(problem).map((following) => ({ ...error, ...following }))];
  const last = errors.at(-1) ?? error;
  state.lastError = last.number;
  if (connection.tryDepth > 0) {
    if (effect === 'transaction' && state.transactionCount > 0) state.transactionState = -1;
    throw new Raised(last, isCompileTime && !isInnerText ? activation : undefined);
  }
  for (const earlier of errors.slice(0, -1)) sink.message(earlier);
  report(run, last, isCompileTime || effect !== 'statement' ? undefined : statement);
  return endsAfter(run, effect);
};

/** The errors after the first of a statement that has several; those may have several themselves. */
export const followingOf = (
  problem: unknown,
): readonly Pick<Message, 'number' | 'state' | 'class' | 'text'>[] => {
  const base = problem instanceof CompileError || problem instanceof LocatedError ? problem.problem : problem;
  if (!(base instanceof SeveralErrors)) return [];
  return base.following.flatMap((error) => {
    const { number, state, class: severity, message } = error;
    return [{ number, state, class: severity, text: message }, ...followingOf(error)];
  });
};

/** Sends an error that nothing catches; with the statement that it ended, where the batch goes on after it. */
const report = (run: Run, error: Message, statement: Statement | undefined): void => {
  const { sink, activation } = run;
  sink.message(error);
  if (statement !== undefined && isTakenBack(statement) && error.number < 50000 && error.class < 20) {
    sink.message({
      number: 3621,
      state: 0,
      class: 0,
      text: 'The statement has been terminated.',
      line: error.line,
    });
  }
  sink.statementDone({ command: 0, isError: true, isInProcedure: activation.isInner });
};

/** What an error that was sent lets happen next. */
const endsAfter = (run: Run, effect: Effect): Flow => {
  const { connection, sink, activation } = run;
  switch (effect) {
    case 'statement':
      return 'next';
    case 'scope':
      throw new ScopeAborted(activation);
    case 'transaction':
      connection.rollbackAll(sink);
      throw new BatchAborted();
    case 'batch':
      throw new BatchAborted();
  }
};

/** A raised error that no TRY was left to catch. */
export const reportUncaught = (run: Run, { error }: Raised): void => report(run, error, undefined);

/** BEGIN TRY ... END TRY BEGIN CATCH ... END CATCH. */
export const runTry = async (run: Run, statement: Statement & { readonly kind: 'try' }): Promise<Flow> => {
  const { connection } = run;
  const { state } = connection;
  const { nestLevel, triggerNestLevel } = state;
  connection.tryDepth += 1;
  let raised: Raised;
  try {
    return await runStatements(run, statement.body);
  } catch (problem) {
    if (!(problem instanceof Raised)) throw problem;
    if (problem.boundIn === run.activation) {
      // Errors of name resolution pass by the TRY of their own batch or procedure.
      if (connection.tryDepth > 1) throw problem;
      report(run, problem.error, undefined);
      throw new ScopeAborted(run.activation);
    }
    raised = problem;
  } finally {
    connection.tryDepth -= 1;
  }
  state.nestLevel = nestLevel;
  state.triggerNestLevel = triggerNestLevel;
  const before = state.caught;
  const { error } = raised;
  state.caught = {
    number: error.number,
    text: error.text,
    severity: error.class,
    state: error.state,
    line: error.line,
    procedure: error.procedure,
  };
  state.lastError = error.number;
  try {
    return await runStatements(run, statement.handler);
  } finally {
    state.caught = before;
  }
};
