import { ExpectedError } from '../errors.ts';
import type { SqlFailure } from '../sql/failures.ts';
import type { SqlSession } from '../sql/session.ts';
import { batchRefused, optionalFailed } from './action-failure.ts';
import { recordScript } from './journal.ts';
import type { Outcome, Progress } from './operation.ts';
import type { Action, Batch, DatabaseTarget, Finding } from './plan.ts';
import { hashOfAction } from './refused-before.ts';
import { runOperation } from './run-operation.ts';
import { runScript } from './run-script.ts';
import type { Side } from './situation.ts';
import { isFeatureRefusal, statementFailure } from './sql-error.ts';
import { sendWithRetries, type Work } from './work.ts';

const done: Outcome = { outcome: 'done' };

/** Does one action. Throws when it was necessary and failed. */
export async function* perform(action: Action, work: Work): AsyncGenerator<Progress, Outcome> {
  switch (action.kind) {
    case 'create-database': {
      const master = await work.servers.of(action.target.role).open(undefined, work.signal);
      await sendNecessary(action, action.batches, master, work);
      await openNewDatabase(action.target, work);
      return done;
    }
    case 'run-batches': {
      const session = await sessionFor(action, work);
      if (action.need === 'optional') return runOptional(action, session, work);
      await sendNecessary(action, action.batches, session, work);
      return done;
    }
    case 'run-units': {
      const session = await sessionFor(action, work);
      const total = action.units.reduce((sum, { names }) => sum + names.length, 0);
      let count = 0;
      for (const { names, batches } of action.units) {
        await sendNecessary(action, batches, session, work);
        count += names.length;
        yield { done: count, total, unit: action.unit };
      }
      return done;
    }
    case 'operation':
      return yield* runOperation(action, work);
    case 'run-script':
      yield* runScript(action, await sessionFor(action, work), work);
      return done;
    case 'record-script': {
      const sql = recordScript(action.script, work.runId, work.operator);
      await sendNecessary(action, [{ sql, line: 0 }], await sessionFor(action, work), work);
      return done;
    }
    case 'verify':
      return verify(action, await sessionFor(action, work), work);
  }
}

function sessionFor(action: Action, work: Work): Promise<SqlSession> {
  const isServerWide = action.kind === 'run-batches' && action.within === 'master';
  const sessions = work.servers.of(action.target.role);
  return sessions.open(isServerWide ? undefined : action.target.database, work.signal);
}

async function sendNecessary(
  action: Action,
  batches: readonly Batch[],
  session: SqlSession,
  work: Work,
): Promise<void> {
  for (const batch of batches) {
    try {
      await sendWithRetries(session, batch, action.target.role, work);
    } catch (error) {
      const failure = statementFailure(error);
      throw failure === undefined ? error : batchRefused(action, batch, failure);
    }
  }
}

/** A database that was just created may refuse the first sign-in while it is being started. */
const openAttempts = 5;
const openDelayMs = 400;

async function openNewDatabase({ role, database }: DatabaseTarget, work: Work): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work.servers.of(role).open(database, work.signal);
      return;
    } catch (error) {
      const mayPass = error instanceof ExpectedError && error.exit === 'connection' && !work.signal.aborted;
      if (!mayPass || attempt === openAttempts) throw error;
      await work.clock.sleep(openDelayMs * attempt, work.signal);
    }
  }
}

type BatchesAction = Extract<Action, { kind: 'run-batches' }>;

async function runOptional(action: BatchesAction, session: SqlSession, work: Work): Promise<Outcome> {
  const { role } = action.target;
  const failures = await tryEach(action.batches, session, role, work);
  if (failures.length === 0) return done;
  if (action.otherwise !== undefined) {
    const others = await tryEach(action.otherwise, session, role, work);
    if (others.length === 0) return done;
    failures.push(...others);
  }
  const refused = failures.find(isFeatureRefusal);
  if (refused !== undefined)
    work.trace.refused.push({
      side: role,
      id: action.id,
      sha256: hashOfAction(action),
      errorNumber: refused.number,
    });
  return { outcome: 'warning', finding: optionalFailed(action, failures) };
}

/** Each batch is tried, also after one that failed: one option that an engine lacks does not cost the others. */
async function tryEach(
  batches: readonly Batch[],
  session: SqlSession,
  side: Side,
  work: Work,
): Promise<SqlFailure[]> {
  const failures: SqlFailure[] = [];
  for (const batch of batches) {
    try {
      await sendWithRetries(session, batch, side, work);
    } catch (error) {
      const failure = statementFailure(error);
      if (failure === undefined) throw error;
      failures.push(failure);
    }
  }
  return failures;
}

async function verify(
  action: Extract<Action, { kind: 'verify' }>,
  session: SqlSession,
  work: Work,
): Promise<Outcome> {
  work.signal.throwIfAborted();
  let reason = 'The server says that it is not so.';
  try {
    const [row] = await session.query<{ ok: number }>(action.check.sql, {}, work.signal);
    if (row?.ok === 1) return done;
  } catch (error) {
    const failure = statementFailure(error);
    if (failure === undefined) throw error;
    reason = `It could not be checked: ${failure.message}`;
  }
  const finding: Finding = {
    code: 'not-verified',
    message: `Not confirmed: ${action.expected}. ${reason}`,
    hint: action.hint ?? 'Have an administrator look at it.',
  };
  if (action.need === 'optional') return { outcome: 'warning', finding };
  throw new ExpectedError({ ...finding, exit: 'failedPartWay', details: { action: action.id } });
}
