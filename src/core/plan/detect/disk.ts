import type { SqlSession } from '../../sql/session.ts';
import { type Checked, unknown } from '../detected.ts';
import { ask } from './ask.ts';

/**
 * Free bytes where the database's data file lies; for a database that is not there yet, where master's lies, which
 * is the default place. sys.dm_os_volume_stats came with 2008 R2 SP1 and needs VIEW SERVER STATE.
 */
export async function askFreeBytes(
  master: SqlSession,
  database: string,
  signal: AbortSignal,
): Promise<Checked<number>> {
  const answer = await ask(() =>
    master.query<{ free: string | null }>(
      `SELECT TOP (1) CAST(v.available_bytes AS varchar(20)) AS free
FROM sys.master_files AS f CROSS APPLY sys.dm_os_volume_stats(f.database_id, f.file_id) AS v
WHERE f.type = 0 AND f.database_id = COALESCE(DB_ID(@name), 1)
ORDER BY v.available_bytes`,
      { name: database },
      signal,
    ),
  );
  if (!answer.known) return answer;
  const free = answer.value[0]?.free;
  return free === null || free === undefined
    ? unknown('the server did not say')
    : { known: true, value: Number(free) };
}
