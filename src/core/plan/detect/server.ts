import {
  localGroups as groupsOfProduct,
  type LocalGroupName,
  type LocalGroups,
} from '../../accounts/local-groups.ts';
import { ExpectedError } from '../../errors.ts';
import type { SqlRow, SqlSession } from '../../sql/session.ts';
import {
  type Checked,
  type DetectedServer,
  known,
  type ServerIdentity,
  type ServerRights,
  unknown,
} from '../detected.ts';
import type { SetupInput } from '../setup.ts';
import { ask, only } from './ask.ts';
import { askFreeBytes } from './disk.ts';

/**
 * Everything about the server itself, from a session in master. Only the identity must be answered. `database` is
 * undefined when it is not there yet.
 *
 * What every SQL Server answers to anybody is asked in one statement. Where that is refused, each question is asked
 * alone, so that what an engine lacks costs only its own answer.
 */
export async function detectServer(
  master: SqlSession,
  database: string | undefined,
  { clock, localGroups }: Pick<SetupInput, 'clock' | 'localGroups'>,
  signal: AbortSignal,
): Promise<DetectedServer> {
  const read = <Columns>(columns: string) => readOne<Columns>(master, columns, signal);
  const before = clock.now().getTime();
  const whole = await ask(() =>
    read<IdentityColumns & RightsColumns & ModeColumns & ClockColumns>(
      [identityColumns, rightsColumns, modeColumns, clockColumns].join(',\n  '),
    ),
  );
  const after = clock.now().getTime();
  const common = whole.known
    ? {
        identity: identityOf(whole.value),
        rights: known(rightsOf(whole.value)),
        isWindowsSignInOnly: known(whole.value.windowsOnly === 1),
        clockSkewMs: known(skewOf(whole.value, before, after)),
      }
    : {
        identity: identityOf(await read<IdentityColumns>(identityColumns)),
        rights: await ask(async () => rightsOf(await read<RightsColumns>(rightsColumns))),
        isWindowsSignInOnly: await ask(async () => (await read<ModeColumns>(modeColumns)).windowsOnly === 1),
        clockSkewMs: await ask(async () => {
          const sent = clock.now().getTime();
          const answer = await read<ClockColumns>(clockColumns);
          return skewOf(answer, sent, clock.now().getTime());
        }),
      };
  return {
    ...common,
    freeBytes: await askFreeBytes(master, database, signal),
    memory: await ask(() => readMemory(master, signal)),
    localGroups: await askLocalGroups(common.identity, localGroups),
  };
}

async function readOne<Columns>(master: SqlSession, columns: string, signal: AbortSignal): Promise<Columns> {
  return only(await master.query<Columns & SqlRow>(`SELECT ${columns}`, {}, signal));
}

type IdentityColumns = {
  readonly productVersion: string | null;
  readonly edition: string | null;
  readonly engineEdition: number | null;
  readonly machineName: string | null;
  readonly collation: string | null;
  readonly versionText: string | null;
};

/** SERVERPROPERTY yields sql_variant, which drivers read in different ways: always CAST. */
const identityColumns = `CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS productVersion,
  CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
  CAST(SERVERPROPERTY('EngineEdition') AS int) AS engineEdition,
  CAST(SERVERPROPERTY('MachineName') AS nvarchar(128)) AS machineName,
  CAST(SERVERPROPERTY('Collation') AS nvarchar(128)) AS collation,
  @@VERSION AS versionText`;

function identityOf(row: IdentityColumns): ServerIdentity {
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

type RightsColumns = {
  readonly login: string;
  readonly sysadmin: number | null;
  readonly anyDatabase: number | null;
  readonly inMaster: number | null;
  readonly anyLogin: number | null;
};

const rightsColumns = `SUSER_SNAME() AS login, IS_SRVROLEMEMBER('sysadmin') AS sysadmin,
  HAS_PERMS_BY_NAME(NULL, NULL, 'CREATE ANY DATABASE') AS anyDatabase,
  HAS_PERMS_BY_NAME('master', 'DATABASE', 'CREATE DATABASE') AS inMaster,
  HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY LOGIN') AS anyLogin`;

function rightsOf(row: RightsColumns): ServerRights {
  const isSysadmin = row.sysadmin === 1;
  return {
    login: row.login,
    isSysadmin,
    mayCreateDatabase: isSysadmin || row.anyDatabase === 1 || row.inMaster === 1,
    mayCreateLogin: isSysadmin || row.anyLogin === 1,
  };
}

type ModeColumns = { readonly windowsOnly: number | null };
const modeColumns = `CAST(SERVERPROPERTY('IsIntegratedSecurityOnly') AS int) AS windowsOnly`;

type ClockColumns = { readonly utc: Date };
const clockColumns = 'SYSUTCDATETIME() AS utc';

/** Half of the way to the server and back is taken off. */
function skewOf({ utc }: ClockColumns, before: number, after: number): number {
  return Math.round(utc.getTime() - (before + after) / 2);
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

/** A server that another computer is called, as that of a cluster, is not this computer. */
async function askLocalGroups(
  { isWindows, machineName }: ServerIdentity,
  groups: LocalGroups | undefined,
): Promise<Checked<readonly LocalGroupName[]>> {
  if (!isWindows) return unknown('the server is not on Windows');
  if (groups === undefined || machineName?.toLowerCase() !== groups.computer.toLowerCase())
    return unknown('storedb does not run on the computer of the server');
  try {
    const there: LocalGroupName[] = [];
    for (const { name } of groupsOfProduct) if (await groups.has(name)) there.push(name);
    return known(there);
  } catch (error) {
    if (error instanceof ExpectedError) return unknown(error.message);
    throw error;
  }
}
