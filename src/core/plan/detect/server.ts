import type { SqlSession } from '../../sql/session.ts';
import type { Clock } from '../clock.ts';
import type { DetectedServer, ServerIdentity, ServerRights } from '../detected.ts';
import { ask, only } from './ask.ts';
import { askFreeBytes } from './disk.ts';

/**
 * Everything about the server itself, from a session in master. Only the identity must be answered. `database` is
 * undefined when it is not there yet.
 */
export async function detectServer(
  master: SqlSession,
  database: string | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<DetectedServer> {
  return {
    identity: await readIdentity(master, signal),
    rights: await ask(() => readRights(master, signal)),
    isWindowsSignInOnly: await ask(() => readSignInMode(master, signal)),
    freeBytes: await askFreeBytes(master, database, signal),
    memory: await ask(() => readMemory(master, signal)),
    clockSkewMs: await ask(() => readClockSkew(master, clock, signal)),
  };
}

async function readIdentity(master: SqlSession, signal: AbortSignal): Promise<ServerIdentity> {
  // SERVERPROPERTY yields sql_variant, which drivers read in different ways: always CAST.
  const row = only(
    await master.query<{
      productVersion: string | null;
      edition: string | null;
      engineEdition: number | null;
      machineName: string | null;
      collation: string | null;
      versionText: string | null;
    }>(
      `SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS productVersion,
  CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
  CAST(SERVERPROPERTY('EngineEdition') AS int) AS engineEdition,
  CAST(SERVERPROPERTY('MachineName') AS nvarchar(128)) AS machineName,
  CAST(SERVERPROPERTY('Collation') AS nvarchar(128)) AS collation,
  @@VERSION AS versionText`,
      {},
      signal,
    ),
  );
  const versionText = row.versionText ?? '';
  return {
    productVersion: row.productVersion ?? '',
    edition: row.edition ?? '',
    engineEdition: row.engineEdition ?? 0,
    versionText,
    isPracticeServer: /practice server, not SQL Server/i.test(versionText),
    // "... on Windows NT 6.1 <X64>" since ever; "... on Linux (Ubuntu ...)" since 2017.
    isWindows: /\bon Windows\b/i.test(versionText),
    machineName: row.machineName ?? undefined,
    collation: row.collation ?? undefined,
  };
}

async function readRights(master: SqlSession, signal: AbortSignal): Promise<ServerRights> {
  const row = only(
    await master.query<{
      login: string;
      sysadmin: number | null;
      anyDatabase: number | null;
      inMaster: number | null;
      anyLogin: number | null;
    }>(
      `SELECT SUSER_SNAME() AS login, IS_SRVROLEMEMBER('sysadmin') AS sysadmin,
  HAS_PERMS_BY_NAME(NULL, NULL, 'CREATE ANY DATABASE') AS anyDatabase,
  HAS_PERMS_BY_NAME('master', 'DATABASE', 'CREATE DATABASE') AS inMaster,
  HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY LOGIN') AS anyLogin`,
      {},
      signal,
    ),
  );
  const isSysadmin = row.sysadmin === 1;
  return {
    login: row.login,
    isSysadmin,
    mayCreateDatabase: isSysadmin || row.anyDatabase === 1 || row.inMaster === 1,
    mayCreateLogin: isSysadmin || row.anyLogin === 1,
  };
}

async function readSignInMode(master: SqlSession, signal: AbortSignal): Promise<boolean> {
  const row = only(
    await master.query<{ windowsOnly: number | null }>(
      `SELECT CAST(SERVERPROPERTY('IsIntegratedSecurityOnly') AS int) AS windowsOnly`,
      {},
      signal,
    ),
  );
  return row.windowsOnly === 1;
}

/** 'max server memory (MB)' is 2147483647 until somebody sets it. */
const unlimitedMegabytes = 2_147_483_647;

async function readMemory(
  master: SqlSession,
  signal: AbortSignal,
): Promise<{ isUnlimited: boolean; physicalMegabytes: number }> {
  const row = only(
    await master.query<{ limit: number; kilobytes: string }>(
      `SELECT CAST(c.value_in_use AS int) AS [limit], CAST(m.total_physical_memory_kb AS varchar(20)) AS kilobytes
FROM sys.configurations AS c CROSS JOIN sys.dm_os_sys_memory AS m
WHERE c.name = N'max server memory (MB)'`,
      {},
      signal,
    ),
  );
  return {
    isUnlimited: row.limit === unlimitedMegabytes,
    physicalMegabytes: Math.round(Number(row.kilobytes) / 1024),
  };
}

async function readClockSkew(master: SqlSession, clock: Clock, signal: AbortSignal): Promise<number> {
  const before = clock.now().getTime();
  const row = only(await master.query<{ utc: Date }>('SELECT SYSUTCDATETIME() AS utc', {}, signal));
  const after = clock.now().getTime();
  return Math.round(row.utc.getTime() - (before + after) / 2);
}
