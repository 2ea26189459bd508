import { describeFailure, SqlFailure } from './failures.ts';
import { isTooOld, productName } from './product.ts';
import type { SqlSession } from './session.ts';

/** One thing that a connection test tells about the server it is signed in to. */
export type ServerFinding = {
  readonly layer: 'server' | 'rights';
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  readonly hint?: string;
};

const rights = [
  { right: 'CREATE ANY DATABASE', what: 'create databases', grant: 'GRANT CREATE ANY DATABASE TO' },
  { right: 'ALTER ANY LOGIN', what: 'create logins', grant: 'GRANT ALTER ANY LOGIN TO' },
  { right: 'VIEW SERVER STATE', what: 'see who else is connected', grant: 'GRANT VIEW SERVER STATE TO' },
] as const;

/**
 * Version, edition and rights. Each is asked alone: a question that this server does not understand says "could not
 * check" and leaves the others.
 */
export async function serverFindings(
  session: SqlSession,
  signal?: AbortSignal,
): Promise<readonly ServerFinding[]> {
  return [await versionFinding(session, signal), await rightsFinding(session, signal)];
}

async function versionFinding(session: SqlSession, signal?: AbortSignal): Promise<ServerFinding> {
  // SERVERPROPERTY is sql_variant, which the driver reads by luck only.
  const text = `SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version,
    CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
    CAST(@@VERSION AS nvarchar(300)) AS banner`;
  return orUnknown('server', 'the version', async () => {
    const [row] = await session.query<{
      version: string | null;
      edition: string | null;
      banner: string | null;
    }>(text, {}, signal);
    const productVersion = row?.version ?? '';
    const name = productName({ productVersion, edition: row?.edition ?? '', versionText: row?.banner ?? '' });
    const message = `${name} (${productVersion})`;
    if (!isTooOld(productVersion)) return { layer: 'server', status: 'ok', message };
    return {
      layer: 'server',
      status: 'failed',
      message: `${message} is too old`,
      hint: 'Use SQL Server 2008 R2 or newer.',
    };
  });
}

async function rightsFinding(session: SqlSession, signal?: AbortSignal): Promise<ServerFinding> {
  const columns = rights.map(({ right }, i) => `HAS_PERMS_BY_NAME(NULL, NULL, '${right}') AS right${i}`);
  const text = `SELECT SUSER_SNAME() AS account, IS_SRVROLEMEMBER('sysadmin') AS sysadmin, ${columns.join(', ')}`;
  return orUnknown('rights', 'the rights', async () => {
    const [row] = await session.query(text, {}, signal);
    const account = String(row?.account ?? 'this account');
    if (row?.sysadmin === 1)
      return { layer: 'rights', status: 'ok', message: `${account} may do everything (sysadmin)` };
    const missing = rights.filter((_, i) => row?.[`right${i}`] !== 1);
    if (missing.length === 0)
      return { layer: 'rights', status: 'ok', message: `${account} may create databases and logins` };
    return {
      layer: 'rights',
      status: 'warning',
      message: `${account} may not ${missing.map(({ what }) => what).join(', ')}`,
      hint: `If the set-up has to, ask the administrator for: ${missing.map(({ grant }) => `${grant} [${account.replaceAll(']', ']]')}]`).join('; ')}`,
    };
  });
}

async function orUnknown(
  layer: ServerFinding['layer'],
  what: string,
  ask: () => Promise<ServerFinding>,
): Promise<ServerFinding> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { message, hint } = describeFailure(error, {});
    return { layer, status: 'warning', message: `could not check ${what}: ${message}`, hint };
  }
}
