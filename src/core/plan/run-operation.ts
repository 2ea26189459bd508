import { createHash } from 'node:crypto';
import type { SqlSession } from '../sql/session.ts';
import { abandonScript, beginScript, finishScript } from './journal.ts';
import type { OperationContext, Outcome, Performer, Progress } from './operation.ts';
import { type Operation, performers } from './operations.ts';
import type { Action, JournaledScript } from './plan.ts';
import type { Side } from './situation.ts';
import type { Work } from './work.ts';

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
  await note(session, beginScript(script, work.runId, work.operator), role, work);
  try {
    const outcome = yield* performer(action.operation, contextOf(work));
    await note(session, finishScript(script, key, database), role, { locks: work.locks, signal: undefined });
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

/** An entry in the journal is no change yet: the operation says itself when it has made one (`hasChanged`). */
async function note(
  session: SqlSession,
  sql: string,
  side: Side,
  { locks, signal }: Pick<Work, 'locks'> & { readonly signal: AbortSignal | undefined },
): Promise<void> {
  signal?.throwIfAborted();
  locks.assertHeld(side);
  await session.batch(sql, signal);
}

/** What the journal says of an operation: the same hash is the same work. */
export const operationHash = (operation: Operation): string =>
  createHash('sha256').update(JSON.stringify(operation), 'utf8').digest('hex');

function journaled(action: OperationAction, { operator }: Work): JournaledScript {
  return {
    pack: 'storedb',
    id: `operation:${action.id}`.slice(0, 200),
    version: operator.toolVersion,
    sha256: operationHash(action.operation),
    isTransactional: false,
  };
}

function contextOf(work: Work): OperationContext {
  const { servers, plan, posFiles, clock, operator, runId, signal, serviceAccountPassword, syncInput } = work;
  const { initialData, jobs, localGroups } = work;
  const { machine, serviceSecrets } = work;
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
    initialData,
    jobs,
    machine,
    serviceSecrets,
    posFiles,
    localGroups,
    clock,
    operator,
    runId,
    signal,
    hasChanged: () => {
      work.trace.hasChanged = true;
    },
  };
}
