import { ask } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { Seat } from './enter.ts';
import type { LinkMemory } from './link.ts';

/** How long a till's transaction may well be open; milliseconds. */
const patienceMs = 60_000;

/**
 * A transaction that stays open keeps back every change of its database that came after its first one: they are not
 * skipped, they wait. Tells who it is once it has lasted.
 */
export async function stalledFinding(
  { side, control, found }: Seat,
  memory: LinkMemory,
  elapsed: number,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (!control.abilities.knowsCommitted || found.upper >= found.latest) {
    memory.stalled.delete(side.side);
    return [];
  }
  const before = memory.stalled.get(side.side);
  if (before?.upper !== found.upper) {
    memory.stalled.set(side.side, { upper: found.upper, since: elapsed });
    return [];
  }
  if (elapsed - before.since < patienceMs) return [];
  const opener = await readOpener(control.session, signal);
  const where = side.side === 'store' ? 'the store database' : 'the offline database';
  return [
    {
      code: 'bound-stalled',
      message: `An open transaction in ${where} has kept changes from being synchronised for ${Math.round((elapsed - before.since) / 60_000)} minutes: ${openerInWords(opener)}.`,
      hint: 'Nothing is lost; the changes go on when it ends. If it does not end, have that program closed or its session killed.',
    },
  ];
}

type Opener =
  | { readonly isKnown: true; readonly who: string; readonly sinceUtc: Date | undefined }
  | { readonly isKnown: false };

type OpenerRow = {
  readonly login: string | null;
  readonly host: string | null;
  readonly program: string | null;
  readonly id: number;
  readonly sinceUtc: Date;
};

/** Who has the oldest open transaction that has written in this database. Needs VIEW SERVER STATE. */
export async function readOpener(session: SqlSession, signal: AbortSignal): Promise<Opener> {
  const answer = await ask(() => session.query<OpenerRow>(openerQuery, {}, signal));
  if (!answer.known) return { isKnown: false };
  const [row] = answer.value;
  if (row === undefined) return { isKnown: true, who: 'it has just ended', sinceUtc: undefined };
  const host = row.host?.trim() || 'an unnamed computer';
  const program = row.program?.trim() || 'unknown program';
  const since = row.sinceUtc.toISOString().slice(0, 16).replace('T', ' ');
  const who = `${row.login ?? 'somebody'} on ${host} (${program}, session ${row.id}), open since ${since} UTC by the server's clock`;
  return { isKnown: true, who, sinceUtc: row.sinceUtc };
}

/** transaction_begin_time is in the server's own time zone. */
const openerQuery = `SELECT TOP (1) s.login_name AS login, s.host_name AS host, s.program_name AS program, s.session_id AS id,
  DATEADD(second, DATEDIFF(second, GETDATE(), t.transaction_begin_time), GETUTCDATE()) AS sinceUtc
FROM sys.dm_tran_active_transactions AS t
JOIN sys.dm_tran_session_transactions AS x ON x.transaction_id = t.transaction_id
JOIN sys.dm_exec_sessions AS s ON s.session_id = x.session_id
WHERE s.session_id <> @@SPID AND EXISTS (SELECT 1 FROM sys.dm_tran_locks AS l
  WHERE l.request_session_id = s.session_id AND l.resource_database_id = DB_ID() AND l.request_mode IN (N'X', N'IX'))
ORDER BY t.transaction_begin_time`;

const openerInWords = (opener: Opener): string =>
  opener.isKnown ? opener.who : 'the server does not show whose it is without the right VIEW SERVER STATE';
