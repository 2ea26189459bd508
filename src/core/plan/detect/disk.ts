import type { SqlSession } from '../../sql/session.ts';
import { type Checked, unknown } from '../detected.ts';
import { ask } from './ask.ts';

/** The files are chosen first, so that no server asks its disks about those of every database. */
const ofItsFiles = `SELECT TOP (1) CAST(v.available_bytes AS varchar(20)) AS free
FROM (SELECT database_id, file_id FROM sys.master_files WHERE type = 0 AND database_id = DB_ID(@name)) AS f
CROSS APPLY sys.dm_os_volume_stats(f.database_id, f.file_id) AS v
ORDER BY v.available_bytes`;

const ofMaster = 'SELECT CAST(available_bytes AS varchar(20)) AS free FROM sys.dm_os_volume_stats(1, 1)';

/**
 * Free bytes where the database's data files lie, the least of them; for a database that is not there yet
 * (undefined), where master's lies, which is the default place. sys.dm_os_volume_stats came with 2008 R2 SP1 and needs
 * VIEW SERVER STATE.
 */
export async function askFreeBytes(
  master: SqlSession,
  database: string | undefined,
  signal: AbortSignal,
): Promise<Checked<number>> {
  const answer = await ask(() =>
    database === undefined
      ? master.query<{ free: string | null }>(ofMaster, {}, signal)
      : master.query<{ free: string | null }>(ofItsFiles, { name: database }, signal),
  );
  if (!answer.known) return answer;
  const free = answer.value[0]?.free;
  return free === null || free === undefined
    ? unknown('the server did not say')
    : { known: true, value: Number(free) };
}
