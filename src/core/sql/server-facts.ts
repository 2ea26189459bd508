import { describeFailure, SqlFailure } from './failures.ts';
import type { SqlSession } from './session.ts';

/** One thing that a connection test tells about the server it is signed in to. */
export type ServerFinding = {
  readonly layer: 'server' | 'rights';
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, string | number>>;
};

/** SQL Server 2008 R2; its scripts and data types are the baseline. */
const oldestVersion = 10.5;
const expressEngine = 4;

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
    CAST(SERVERPROPERTY('EngineEdition') AS int) AS engine, CAST(@@VERSION AS nvarchar(300)) AS banner`;
  return orUnknown('server', 'the version', async () => {
    const [row] = await session.query<{
      version: string | null;
      edition: string | null;
      engine: number | null;
      banner: string | null;
    }>(text, {}, signal);
    const version = row?.version ?? '';
    const banner = (row?.banner ?? '').split('\n')[0]?.trim() ?? '';
    const message = /^Microsoft SQL Server/i.test(banner)
      ? `${productName(version)} ${row?.edition ?? ''}`.trim()
      : banner;
    const details = {
      version,
      edition: row?.edition ?? '',
      isExpress: row?.engine === expressEngine ? 1 : 0,
    };
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major + minor / 100 < oldestVersion) {
      const hint = 'Use SQL Server 2008 R2 or newer.';
      return {
        layer: 'server',
        status: 'failed',
        message: `${message} (${version}) is too old`,
        hint,
        details,
      };
    }
    return { layer: 'server', status: 'ok', message: `${message} (${version})`, details };
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

/** The name under which a version is sold, as technicians know it. */
export function productName(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const years: Readonly<Record<number, string>> = {
    9: '2005',
    11: '2012',
    12: '2014',
    13: '2016',
    14: '2017',
    15: '2019',
    16: '2022',
    17: '2025',
  };
  const year = major === 10 ? (minor >= 50 ? '2008 R2' : '2008') : years[major];
  return year === undefined ? 'SQL Server' : `SQL Server ${year}`;
}
