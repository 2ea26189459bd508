import { ask } from '../plan/detect/ask.ts';
import type { SqlSession } from '../sql/session.ts';
import { checksOf } from './checks.ts';
import type { Check } from './events.ts';

type LogRow = {
  readonly runs: number;
  readonly errors: number | null;
  readonly last: Date | null;
  /** Hours, by the clock of the store's server. */
  readonly age: number | null;
};

/** The service writes a row of each scope at least every ten minutes while it can. */
const longestSilenceHours = 24;

/** What RETAILOFFLINESYNCLOG of the store database says about a register; the errors are those of the last day. */
export async function checkLog(
  session: SqlSession,
  registerId: string,
  signal: AbortSignal,
): Promise<{ readonly check: Check; readonly hasSynchronised: boolean }> {
  const say = checksOf('synchronisation');
  const answer = await ask(() =>
    session.query<LogRow>(
      `SELECT COUNT(*) AS runs, MAX(SYNCSTOPTIME) AS last, DATEDIFF(hour, MAX(SYNCSTOPTIME), GETUTCDATE()) AS age,
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
  const { runs, last, errors, age } = answer.value[0] ?? { runs: 0, last: null, errors: null, age: null };
  if (runs === 0 || last === null)
    return {
      check: say.warning(
        'log',
        `Register ${registerId} has not synchronised yet: RETAILOFFLINESYNCLOG has no row of it.`,
        'Start the sync service, or run "storedb sync once ANSWERS".',
      ),
      hasSynchronised: false,
    };
  const when = last.toISOString().slice(0, 16).replace('T', ' ');
  return { check: judged(registerId, when, age ?? 0, errors ?? 0), hasSynchronised: true };
}

function judged(registerId: string, when: string, age: number, errors: number): Check {
  const say = checksOf('synchronisation');
  if (errors > 0)
    return say.failed(
      'log',
      `The synchronisation of ${registerId} had ${errors} errors within a day; last run ${when} UTC.`,
      'See what they are: "storedb sync status ANSWERS", and "storedb sync conflicts list ANSWERS" for parked rows.',
    );
  if (age >= longestSilenceHours)
    return say.warning(
      'log',
      `The last synchronisation of ${registerId} is ${age} hours old: ${when} UTC.`,
      'See why: "storedb sync status ANSWERS". A register that was switched off has nothing else to do than to be switched on.',
    );
  return say.ok('log', `Last synchronisation of ${registerId}: ${when} UTC, no errors within a day`);
}
