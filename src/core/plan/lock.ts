import { ExpectedError } from '../errors.ts';
import type { SqlSession } from '../sql/session.ts';
import { ask, fold, only } from './detect/ask.ts';
import { refusal } from './refusal.ts';

/** The deployer's lock: held as long as the session in master lives, and by nobody else on that database. */
export type DeployerLock = {
  /** Throws ExpectedError (exit `failedPartWay`, code `lock-lost`) when the connection that holds the lock is gone. */
  assertHeld(): void;
  release(): Promise<void>;
};

/** Long enough for a run that is just ending, short enough for somebody who waits before a screen. */
const shortPatienceMs = 1_000;
/** For a register: the whole shop's may be set up at once, and its own service may be in the middle of a cycle. */
export const registerPatienceMs = 30_000;

/** At most 8 + 128 characters of the 255 that a resource may have; it is compared byte by byte, hence folded. */
export const deployerResource = (database: string): string => `storedb:${fold(database)}`;

/**
 * Takes the lock in master, since the database itself may not be there yet. A process that dies loses its connection
 * and with it the lock: nobody ever has to remove one by hand. Throws ExpectedError (exit `locked`) naming the holder,
 * or `lock-refused` (exit `prerequisite`) when the server did not give it for another reason.
 */
export async function takeDeployerLock(
  master: SqlSession,
  database: string,
  signal: AbortSignal,
  patienceMs = shortPatienceMs,
): Promise<DeployerLock> {
  const resource = deployerResource(database);
  const { result } = only(
    await master.query<{ result: number }>(
      `DECLARE @result int;
EXEC @result = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = ${patienceMs};
SELECT @result AS result;`,
      { resource },
      signal,
    ),
  );
  // 0 and 1 = held; -1 timeout, -2 cancelled, -3 deadlock, -999 bad call (learn.microsoft.com, sp_getapplock).
  if (result === -1) throw await heldElsewhere(master, database, resource, signal);
  if (result < 0) throw notGiven(database, result);
  return {
    assertHeld() {
      if (master.isLost) throw lockLost(database);
    },
    async release() {
      try {
        await master.query(`EXEC sp_releaseapplock @Resource = @resource, @LockOwner = 'Session';`, {
          resource,
        });
      } catch (error) {
        // Gone with its connection: that releases it as well.
        if (!master.isLost) throw error;
      }
    },
  };
}

function lockLost(database: string): ExpectedError {
  return new ExpectedError({
    code: 'lock-lost',
    exit: 'failedPartWay',
    message: `The connection that kept others away from the database ${database} was lost.`,
    hint: 'Run the same command again; it continues where this run stopped.',
  });
}

/** Who holds an application lock, from where and since when; undefined where the server does not say. */
export async function lockHolder(
  session: SqlSession,
  resource: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const holder = await ask(() => readHolder(session, resource, signal));
  return holder.known && holder.value !== undefined ? holderInWords(holder.value) : undefined;
}

type Holder = {
  readonly host: string | null;
  readonly program: string | null;
  readonly login: string | null;
  readonly since: Date | null;
};

async function heldElsewhere(
  master: SqlSession,
  database: string,
  resource: string,
  signal: AbortSignal,
): Promise<ExpectedError> {
  const who = (await lockHolder(master, resource, signal)) ?? 'Somebody else';
  return new ExpectedError({
    code: 'locked',
    exit: 'locked',
    message: `${who} is at work on the database ${database} at this moment.`,
    hint: 'Wait until that run has ended, then run this again. Nothing was changed.',
  });
}

function notGiven(database: string, result: number): ExpectedError {
  return refusal(
    'lock-refused',
    `The server did not give the lock that keeps others away from the database ${database} (sp_getapplock: ${result}).`,
    'Run this again; if it stays so, show this to the administrator of the server.',
    { result },
  );
}

/** Needs VIEW SERVER STATE. The description of an application lock holds the first 32 characters of its resource. */
async function readHolder(
  session: SqlSession,
  resource: string,
  signal: AbortSignal,
): Promise<Holder | undefined> {
  const rows = await session.query<Holder & { description: string }>(
    `SELECT l.resource_description AS description, s.host_name AS host, s.program_name AS program,
  s.login_name AS login, s.login_time AS since
FROM sys.dm_tran_locks AS l JOIN sys.dm_exec_sessions AS s ON s.session_id = l.request_session_id
WHERE l.resource_type = 'APPLICATION' AND l.request_status = 'GRANT' AND l.request_session_id <> @@SPID`,
    {},
    signal,
  );
  return rows.find(({ description }) => description.includes(`[${resource.slice(0, 32)}`));
}

function holderInWords({ host, program, login, since }: Holder): string {
  const time =
    since === null
      ? ''
      : `, connected since ${since.toISOString().slice(0, 16).replace('T', ' ')} by the server's clock`;
  return `${login ?? 'Somebody'} on ${host?.trim() || 'an unnamed computer'} (${program?.trim() || 'unknown program'}${time})`;
}
