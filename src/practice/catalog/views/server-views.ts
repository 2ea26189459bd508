/** The server's settings, memory and languages. */

import { totalmem } from 'node:os';
import type { SystemView } from '../../engine/extension.ts';
import { requirePermission } from '../permissions.ts';
import {
  bigint,
  bit,
  constants,
  defineView,
  int,
  nvarchar,
  orNull,
  smallint,
  sysname,
  tinyint,
  variant,
} from '../view-definition.ts';

type Setting = {
  readonly id: number;
  readonly name: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly text: string;
  readonly isDynamic: boolean;
  readonly isAdvanced: boolean;
};

/** The settings that an installer asks for, at their defaults. RECONFIGURE is refused, so they stay there. */
export const settings: readonly Setting[] = (
  [
    [101, 'recovery interval (min)', 0, 0, 32767, 'Maximum recovery interval in minutes', true, true],
    [103, 'user connections', 0, 0, 32767, 'Number of user connections allowed', false, true],
    [115, 'nested triggers', 1, 0, 1, 'Allow triggers to be invoked within triggers', true, false],
    [117, 'remote access', 1, 0, 1, 'Allow remote access', false, false],
    [124, 'default language', 0, 0, 9999, 'default language', true, false],
    [505, 'network packet size (B)', 4096, 512, 32767, 'Network packet size', true, true],
    [518, 'show advanced options', 0, 0, 1, 'show advanced options', true, false],
    [1127, 'two digit year cutoff', 2049, 1753, 9999, 'two digit year cutoff', true, true],
    [1534, 'user options', 0, 0, 32767, 'user options', true, false],
    [1539, 'max degree of parallelism', 0, 0, 32767, 'maximum degree of parallelism', true, true],
    [1541, 'query wait (s)', -1, -1, 2147483647, 'maximum time to wait for query memory (s)', true, true],
    [1543, 'min server memory (MB)', 0, 0, 2147483647, 'Minimum size of server memory (MB)', true, true],
    [
      1544,
      'max server memory (MB)',
      2147483647,
      128,
      2147483647,
      'Maximum size of server memory (MB)',
      true,
      true,
    ],
    [1562, 'clr enabled', 0, 0, 1, 'CLR user code execution enabled in the server', true, false],
    [1568, 'default trace enabled', 0, 0, 1, 'Enable or disable the default trace', true, true],
    [1579, 'backup compression default', 0, 0, 1, 'Enable compression of backups by default', true, false],
    [1581, 'optimize for ad hoc workloads', 0, 0, 1, 'Optimize for ad hoc workloads', true, true],
    [16384, 'Agent XPs', 0, 0, 1, 'Enable or disable Agent XPs', true, true],
    [16390, 'xp_cmdshell', 0, 0, 1, 'Enable or disable command shell', true, true],
    [
      16391,
      'Ad Hoc Distributed Queries',
      0,
      0,
      1,
      'Enable or disable Ad Hoc Distributed Queries',
      true,
      true,
    ],
    [
      16393,
      'contained database authentication',
      0,
      0,
      1,
      'Enables contained databases and contained authentication',
      true,
      false,
    ],
  ] as const
).map(([id, name, value, minimum, maximum, text, isDynamic, isAdvanced]) => ({
  id,
  name,
  value,
  minimum,
  maximum,
  text,
  isDynamic,
  isAdvanced,
}));

const asVariant = (value: number) => ({ type: { kind: 'int' } as const, value });

/** Kilobytes of this machine's memory: the only figure here that is not invented. */
const totalKilobytes = (): bigint => BigInt(Math.floor(totalmem() / 1024));

type Language = {
  readonly id: number;
  readonly dateFormat: string;
  readonly dateFirst: number;
  readonly name: string;
  readonly alias: string;
  readonly lcid: number;
};

/** The languages that SET LANGUAGE takes here. https://learn.microsoft.com/sql/relational-databases/system-compatibility-views/sys-syslanguages-transact-sql */
const languages: readonly Language[] = [
  { id: 0, dateFormat: 'mdy', dateFirst: 7, name: 'us_english', alias: 'English', lcid: 1033 },
];

export const serverViews: readonly SystemView[] = [
  defineView(
    'sys.configurations',
    () => settings,
  )([
    int('configuration_id', (setting) => setting.id),
    nvarchar('name', 35, (setting) => setting.name),
    orNull(variant('value', (setting) => asVariant(setting.value))),
    orNull(variant('minimum', (setting) => asVariant(setting.minimum))),
    orNull(variant('maximum', (setting) => asVariant(setting.maximum))),
    orNull(variant('value_in_use', (setting) => asVariant(setting.value))),
    nvarchar('description', 255, (setting) => setting.text),
    bit('is_dynamic', (setting) => setting.isDynamic),
    bit('is_advanced', (setting) => setting.isAdvanced),
  ]),
  defineView('sys.dm_os_sys_memory', ({ session }) => {
    requirePermission(session, session.database, 'VIEW SERVER STATE', { kind: 'server' });
    return [totalKilobytes()];
  })([
    bigint('total_physical_memory_kb', (total) => total),
    bigint('available_physical_memory_kb', (total) => total / 2n),
    bigint('total_page_file_kb', (total) => total),
    bigint('available_page_file_kb', (total) => total / 2n),
    ...constants(bigint, 'system_cache_kb=0 kernel_paged_pool_kb=0 kernel_nonpaged_pool_kb=0'),
    bit('system_high_memory_signal_state', () => true),
    bit('system_low_memory_signal_state', () => false),
    nvarchar('system_memory_state_desc', 256, () => 'Available physical memory is high'),
  ]),
  defineView(
    'sys.syslanguages',
    () => languages,
  )([
    smallint('langid', (language) => language.id),
    nvarchar('dateformat', 3, (language) => language.dateFormat),
    tinyint('datefirst', (language) => language.dateFirst),
    ...constants(int, 'upgrade=0'),
    sysname('name', (language) => language.name),
    sysname('alias', (language) => language.alias),
    int('lcid', (language) => language.lcid),
    smallint('msglangid', (language) => language.lcid),
  ]),
];
