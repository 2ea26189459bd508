import type { SqlSession } from '../../sql/session.ts';
import { type Checked, type DatabaseOptions, unknown } from '../detected.ts';
import { ask, fold, only } from './ask.ts';

export type DatabaseHeader = {
  readonly name: string;
  readonly state: string;
  readonly access: string;
  readonly isReadOnly: boolean;
};

/** The database of that name in any case, or undefined. On a case-sensitive server the exact spelling wins. */
export async function findDatabase(
  master: SqlSession,
  wanted: string,
  signal: AbortSignal,
): Promise<DatabaseHeader | undefined> {
  const rows = await readHeaders(master, wanted, signal);
  const row =
    rows.find(({ name }) => name === wanted) ?? rows.find(({ name }) => fold(name) === fold(wanted));
  if (row === undefined) return undefined;
  return {
    name: row.name,
    state: row.state ?? 'ONLINE',
    access: row.access ?? 'MULTI_USER',
    isReadOnly: Boolean(row.isReadOnly),
  };
}

type HeaderRow = {
  readonly name: string;
  readonly state?: string | null;
  readonly access?: string | null;
  readonly isReadOnly?: boolean | number | null;
};

/** Whether the database is there must be answered; its state is only read where the engine has the columns. */
async function readHeaders(
  master: SqlSession,
  wanted: string,
  signal: AbortSignal,
): Promise<readonly HeaderRow[]> {
  const read = (columns: string) =>
    master.query<HeaderRow>(
      `SELECT ${columns} FROM sys.databases WHERE LOWER(name) = LOWER(@name)`,
      { name: wanted },
      signal,
    );
  const whole = await ask(() =>
    read('name, state_desc AS state, user_access_desc AS access, is_read_only AS isReadOnly'),
  );
  return whole.known ? whole.value : read('name');
}

export function askOptions(
  master: SqlSession,
  name: string,
  signal: AbortSignal,
): Promise<Checked<DatabaseOptions>> {
  return ask(async () => {
    const row = only(
      await master.query<{
        recovery: string;
        snapshot: string;
        verify: string;
        autoClose: boolean;
        autoShrink: boolean;
      }>(
        `SELECT recovery_model_desc AS recovery, snapshot_isolation_state_desc AS snapshot,
  page_verify_option_desc AS [verify], is_auto_close_on AS autoClose, is_auto_shrink_on AS autoShrink
FROM sys.databases WHERE name = @name`,
        { name },
        signal,
      ),
    );
    return {
      recoveryModel: row.recovery ?? '',
      snapshotIsolation: row.snapshot ?? '',
      pageVerify: row.verify ?? '',
      isAutoClose: Boolean(row.autoClose),
      isAutoShrink: Boolean(row.autoShrink),
    };
  });
}

/** Bytes of the data files (the log does not count against the limit of Express). */
export async function askDataBytes(
  master: SqlSession,
  name: string,
  signal: AbortSignal,
): Promise<Checked<number>> {
  const answer = await ask(() =>
    master.query<{ bytes: string | null }>(
      `SELECT CAST(SUM(CAST(size AS bigint)) * 8192 AS varchar(20)) AS bytes
FROM sys.master_files WHERE database_id = DB_ID(@name) AND type = 0`,
      { name },
      signal,
    ),
  );
  if (!answer.known) return answer;
  const bytes = answer.value[0]?.bytes;
  return bytes === null || bytes === undefined
    ? unknown('the server did not say')
    : { known: true, value: Number(bytes) };
}
