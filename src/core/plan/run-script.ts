import { ExpectedError } from '../errors.ts';
import type { SqlSession } from '../sql/session.ts';
import { batchRefused } from './action-failure.ts';
import { only } from './detect/ask.ts';
import { abandonScript, beginScript, finishScript } from './journal.ts';
import type { Progress } from './operation.ts';
import type { Action, Batch } from './plan.ts';
import { delayBeforeRetry } from './retry.ts';
import { statementFailure } from './sql-error.ts';
import { type Sending, together } from './together.ts';
import { send, type Work } from './work.ts';

type ScriptAction = Extract<Action, { kind: 'run-script' }>;

/**
 * Runs one script under the journal: a committed row 'started', the batches in one transaction (unless the script
 * says otherwise), and the row 'done' with the commit. Whatever kills it, the journal of the next run decides: 'done'
 * and the script's effects are there together, or neither is.
 */
export async function* runScript(
  action: ScriptAction,
  session: SqlSession,
  work: Work,
): AsyncGenerator<Progress> {
  for (let attempt = 1; ; attempt++) {
    try {
      yield* tryScript(action, session, work);
      return;
    } catch (error) {
      const delay = delayBeforeRetry(error, attempt);
      // Where not even the rollback got through, a second try would only hide why.
      if (delay === undefined || session.isLost) throw error;
      await work.clock.sleep(delay, work.signal);
    }
  }
}

const alone = (batch: Batch): Sending => ({ batch, count: 1 });

async function* tryScript(action: ScriptAction, session: SqlSession, work: Work): AsyncGenerator<Progress> {
  const { script, batches, target } = action;
  const key = { runId: work.runId, scriptId: script.id };
  let current: Batch | undefined;
  try {
    await send(session, { sql: beginScript(script, work.runId, work.operator), line: 0 }, target.role, work);
    let done = 0;
    for (const { batch, count } of script.isTransactional ? together(batches) : batches.map(alone)) {
      current = batch;
      await send(session, batch, target.role, work);
      if (script.isTransactional && mayEndTransaction.test(batch.sql))
        await assertOpen(action, batch, session, work);
      done += count;
      yield { done, total: batches.length, unit: 'batches' };
    }
    current = undefined;
    // Not cancellable: whether a commit that was cut off took effect could only be guessed.
    await send(
      session,
      { sql: finishScript(script, key, target.database), line: 0 },
      target.role,
      work,
      undefined,
    );
  } catch (error) {
    const failure = statementFailure(error);
    await abandon(session, abandonScript(key, work.signal.aborted ? 'cancelled' : 'failed', failure?.number));
    throw failure === undefined ? error : batchRefused(action, current, failure);
  }
}

/** A session on which even that fails is closed: the server then rolls back, and the cause stays the error that is told. */
async function abandon(session: SqlSession, sql: string): Promise<void> {
  if (session.isLost) return;
  try {
    await session.batch(sql);
  } catch {
    await session.close();
  }
}

/** Only such batches are followed by the question whether the transaction still stands; the rest is checked at the end. */
const mayEndTransaction = /\b(commit|rollback|tran|transaction)\b/i;

async function assertOpen(
  action: ScriptAction,
  batch: Batch,
  session: SqlSession,
  work: Work,
): Promise<void> {
  const { depth } = only(
    await session.query<{ depth: number }>('SELECT @@TRANCOUNT AS depth', {}, work.signal),
  );
  if (depth === 1) return;
  throw new ExpectedError({
    code: 'script-ended-transaction',
    exit: 'failedPartWay',
    message: `${action.script.id}:${batch.line}: the batch ${depth === 0 ? 'ended the transaction of its script' : 'left a transaction of its own open'}.`,
    hint: 'Remove BEGIN, COMMIT and ROLLBACK TRANSACTION from the script, or write "-- tx: off" at its head.',
    details: { action: action.id, depth },
  });
}
