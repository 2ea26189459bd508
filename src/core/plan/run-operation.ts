import { createHash } from 'node:crypto';
import { abandonScript, beginScript, finishScript } from './journal.ts';
import type { OperationContext, Outcome, Performer, Progress } from './operation.ts';
import { type Operation, performers } from './operations.ts';
import type { Action, JournaledScript } from './plan.ts';
import { send, type Work } from './work.ts';

type OperationAction = Extract<Action, { kind: 'operation' }>;

/**
 * Does one operation between the rows 'started' and 'done' of its target's journal; without them where it is done
 * after the locks were given back, because only the holder of a lock writes into a journal. What it did before it was
 * killed is not undone: the next plan looks at what is there and asks for the rest.
 */
export async function* runOperation(action: OperationAction, work: Work): AsyncGenerator<Progress, Outcome> {
  // The kind chooses the performer of exactly that operation, which the compiler cannot follow.
  const performer = performers[action.operation.kind] as unknown as Performer<Operation>;
  if (action.isAfterwards === true) return yield* performer(action.operation, contextOf(work));
  const { role, database } = action.target;
  const session = await work.servers.of(role).open(database, work.signal);
  const script = journaled(action, work);
  const key = { runId: work.runId, scriptId: script.id };
  await send(session, { sql: beginScript(script, work.runId, work.operator), line: 0 }, role, work);
  try {
    const outcome = yield* performer(action.operation, contextOf(work));
    const done = { sql: finishScript(script, key, database), line: 0 };
    await send(session, done, role, work, undefined);
    return outcome;
  } catch (error) {
    // Where not even this gets through, the row stays 'started', which says as much.
    if (!session.isLost)
      await session
        .batch(abandonScript(key, work.signal.aborted ? 'cancelled' : 'failed', undefined))
        .catch(() => undefined);
    throw error;
  }
}

function journaled(action: OperationAction, { operator }: Work): JournaledScript {
  const text = JSON.stringify(action.operation);
  return {
    pack: 'storedb',
    id: `operation:${action.id}`.slice(0, 200),
    version: operator.toolVersion,
    sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
    isTransactional: false,
  };
}

function contextOf(work: Work): OperationContext {
  const { servers, plan, posFiles, clock, operator, runId, signal, serviceAccountPassword, syncInput } = work;
  const databaseOn = (role: 'store' | 'offline') => {
    const target = plan.targets.find((each) => each.role === role);
    if (target === undefined) throw new Error(`This plan has no ${role} side.`);
    return target.database;
  };
  return {
    open: (role, database) =>
      servers.of(role).open(database === 'master' ? undefined : databaseOn(role), signal),
    connect: (role) => servers.of(role).connect(databaseOn(role), signal),
    syncInput: () => {
      if (syncInput === undefined) throw new Error('This run sets up no register.');
      return syncInput;
    },
    serviceAccountPassword,
    posFiles,
    clock,
    operator,
    runId,
    signal,
    hasChanged: () => {
      work.trace.hasChanged = true;
    },
  };
}
