import { ask } from '../plan/detect/ask.ts';
import type { SqlSession } from '../sql/session.ts';
import { checksOf } from './checks.ts';
import type { Check } from './events.ts';

type LogRow = { readonly runs: number; readonly errors: number | null; readonly last: Date | null };

/** What RETAILOFFLINESYNCLOG of the store database says about a register; the errors are those of the last day. */
export async function checkLog(
  session: SqlSession,
  registerId: string,
  signal: AbortSignal,
): Promise<{ readonly check: Check; readonly hasSynchronised: boolean }> {
  const say = checksOf('synchronisation');
  const answer = await ask(() =>
    session.query<LogRow>(
      `SELECT COUNT(*) AS runs, MAX(SYNCSTOPTIME) AS last,
  SUM(CASE WHEN SYNCSTOPTIME > DATEADD(day, -1, GETUTCDATE()) THEN TOTALDOWNLOADEDERR + TOTALUPLOADEDERR ELSE 0 END) AS errors
FROM dbo.RETAILOFFLINESYNCLOG WHERE TERMINAL = @register`,
      { register: registerId },
      signal,
    ),
  );
  if (!answer.known)
    return {
      check: say.failed(
        'log',
        `RETAILOFFLINESYNCLOG of the store database cannot be read: ${answer.reason}`,
        'Run storedb apply for the store database again.',
      ),
      hasSynchronised: false,
    };
  const { runs, last, errors } = answer.value[0] ?? { runs: 0, last: null, errors: null };
  if (runs === 0 || last === null)
    return {
      check: say.warning(
        'log',
        `Register ${registerId} has not synchronised yet: RETAILOFFLINESYNCLOG has no row of it.`,
        'The sync service is not in this version yet; the set-up is ready for the one that has it.',
      ),
      hasSynchronised: false,
    };
  const when = last.toISOString().slice(0, 16).replace('T', ' ');
  const check =
    (errors ?? 0) > 0
      ? say.failed(
          'log',
          `The synchronisation of ${registerId} had ${errors} errors within a day; last run ${when} UTC.`,
          'Look at the parked rows in storedb.Conflict of both databases.',
        )
      : say.ok('log', `Last synchronisation of ${registerId}: ${when} UTC, no errors within a day`);
  return { check, hasSynchronised: true };
}
