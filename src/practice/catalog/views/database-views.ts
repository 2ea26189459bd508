/** Databases, their files and the disk under them. */

import type { Runtime, SystemView } from '../../engine/extension.ts';
import type { Database, Schema } from '../../engine/model.ts';
import { databaseById } from '../objects.ts';
import { hasPermission, requirePermission } from '../permissions.ts';
import { usedPages } from '../storage-size.ts';
import {
  bigint,
  bit,
  char,
  constants,
  datetime,
  datetimeOf,
  defineView,
  description,
  int,
  nvarchar,
  orNull,
  smallint,
  sysname,
  tinyint,
  uniqueidentifier,
  varbinary,
} from '../view-definition.ts';

/** The data folder as it shows; nothing is ever written there. */
export const DATA_FOLDER = 'practice:\\DATA\\';
/** The one volume of the practice server: 64 GB with 48 GB free. */
export const VOLUME = {
  mount: 'practice:\\',
  total: 64n * 1024n ** 3n,
  available: 48n * 1024n ** 3n,
} as const;

function* databasesOf({ server, session }: Runtime): Generator<Database> {
  const seesAll = hasPermission(session, session.database, 'VIEW ANY DATABASE', { kind: 'server' });
  for (const database of server.databases.values()) {
    const isOwn = database === session.database || Buffer.compare(database.ownerSid, session.login.sid) === 0;
    if (seesAll || isOwn || database.id <= 2) yield database;
  }
}

const recoveryModels = ['FULL', 'BULK_LOGGED', 'SIMPLE'] as const;
const userAccesses = ['MULTI_USER', 'SINGLE_USER', 'RESTRICTED_USER'] as const;
const pageVerifies = ['NONE', 'TORN_PAGE_DETECTION', 'CHECKSUM'] as const;
const states = { ONLINE: 0, RESTORING: 1, OFFLINE: 6 } as const;

/** ON or OFF of an option that ALTER DATABASE SET recorded. */
const recorded =
  (name: string, otherwise = false) =>
  (database: Database): boolean => {
    const value = database.options.recorded.get(name);
    return value === undefined ? otherwise : value.toUpperCase() === 'ON' || value.toUpperCase() === 'TRUE';
  };

type File = {
  readonly database: Database;
  readonly id: 1 | 2;
  readonly name: string;
  readonly path: string;
  /** In pages of 8 KB. */
  readonly size: number;
  readonly growth: number;
  readonly maxSize: number;
};

/** One data and one log file. The data file is as large as the rows would need on pages, at least 3 MB. */
export function filesOf(database: Database): readonly File[] {
  const stems: Readonly<Record<number, readonly [string, string]>> = {
    1: ['master', 'mastlog'],
    2: ['tempdev', 'templog'],
    3: ['modeldev', 'modellog'],
    4: ['MSDBData', 'MSDBLog'],
  };
  const [data, log] = stems[database.id] ?? [database.name, `${database.name}_log`];
  const fileName = database.id <= 2 ? ['master', 'tempdb'][database.id - 1] : database.name;
  return [
    {
      database,
      id: 1,
      name: data,
      path: `${DATA_FOLDER}${fileName}.mdf`,
      size: dataPages(database),
      growth: 128,
      maxSize: -1,
    },
    {
      database,
      id: 2,
      name: log,
      path: `${DATA_FOLDER}${fileName}_log.ldf`,
      size: 128,
      growth: 10,
      maxSize: 268_435_456,
    },
  ];
}

/** Files grow by a megabyte. */
const dataPages = (database: Database): number => Math.max(384, Math.ceil(usedPages(database) / 128) * 128);

const guidOf = (database: Database, file: number): string =>
  `00000000-0000-4000-8000-${database.id.toString(16).padStart(8, '0')}${file.toString(16).padStart(4, '0')}`.toUpperCase();

const databaseFileColumns = [
  int<File>('file_id', (file) => file.id),
  orNull(uniqueidentifier<File>('file_guid', (file) => guidOf(file.database, file.id))),
  tinyint<File>('type', (file) => file.id - 1),
  description<File>('type_desc', (file) => (file.id === 1 ? 'ROWS' : 'LOG')),
  int<File>('data_space_id', (file) => (file.id === 1 ? 1 : 0)),
  sysname<File>('name', (file) => file.name),
  nvarchar<File>('physical_name', 260, (file) => file.path),
  ...constants<File>(tinyint, 'state=0'),
  description<File>('state_desc', () => 'ONLINE'),
  int<File>('size', (file) => file.size),
  int<File>('max_size', (file) => file.maxSize),
  int<File>('growth', (file) => file.growth),
  ...constants<File>(bit, 'is_media_read_only=0'),
  bit<File>('is_read_only', () => false),
  ...constants<File>(bit, 'is_sparse=0'),
  bit<File>('is_percent_growth', (file) => file.id === 2),
  ...constants<File>(bit, 'is_name_reserved=0'),
] as const;

export const databaseViews: readonly SystemView[] = [
  defineView(
    'sys.databases',
    databasesOf,
  )([
    sysname('name', (database) => database.name),
    int('database_id', (database) => database.id),
    ...constants(int, 'source_database_id=null'),
    orNull(varbinary('owner_sid', 85, (database) => database.ownerSid)),
    datetime('create_date', (database) => datetimeOf(database.createdAt)),
    tinyint('compatibility_level', (database) => database.compatibilityLevel),
    orNull(sysname('collation_name', (database) => database.collation)),
    tinyint('user_access', (database) => userAccesses.indexOf(database.options.userAccess)),
    description('user_access_desc', (database) => database.options.userAccess),
    bit('is_read_only', (database) => database.options.isReadOnly),
    bit('is_auto_close_on', (database) => database.options.autoClose),
    bit('is_auto_shrink_on', (database) => database.options.autoShrink),
    tinyint('state', (database) => states[database.options.state]),
    description('state_desc', (database) => database.options.state),
    ...constants(bit, 'is_in_standby=0 is_cleanly_shutdown=0 is_supplemental_logging_enabled=0'),
    tinyint('snapshot_isolation_state', (database) => (database.options.snapshotIsolation ? 1 : 0)),
    description('snapshot_isolation_state_desc', (database) =>
      database.options.snapshotIsolation ? 'ON' : 'OFF',
    ),
    bit('is_read_committed_snapshot_on', (database) => database.options.readCommittedSnapshot),
    tinyint('recovery_model', (database) => recoveryModels.indexOf(database.options.recovery) + 1),
    description('recovery_model_desc', (database) => database.options.recovery),
    tinyint('page_verify_option', (database) => pageVerifies.indexOf(database.options.pageVerify)),
    description('page_verify_option_desc', (database) => database.options.pageVerify),
    bit('is_auto_create_stats_on', recorded('AUTO_CREATE_STATISTICS', true)),
    bit('is_auto_update_stats_on', recorded('AUTO_UPDATE_STATISTICS', true)),
    bit('is_auto_update_stats_async_on', recorded('AUTO_UPDATE_STATISTICS_ASYNC')),
    bit('is_ansi_null_default_on', recorded('ANSI_NULL_DEFAULT')),
    bit('is_ansi_nulls_on', recorded('ANSI_NULLS')),
    bit('is_ansi_padding_on', recorded('ANSI_PADDING')),
    bit('is_ansi_warnings_on', recorded('ANSI_WARNINGS')),
    bit('is_arithabort_on', recorded('ARITHABORT')),
    bit('is_concat_null_yields_null_on', recorded('CONCAT_NULL_YIELDS_NULL')),
    bit('is_numeric_roundabort_on', recorded('NUMERIC_ROUNDABORT')),
    bit('is_quoted_identifier_on', recorded('QUOTED_IDENTIFIER')),
    bit('is_recursive_triggers_on', recorded('RECURSIVE_TRIGGERS')),
    bit('is_cursor_close_on_commit_on', recorded('CURSOR_CLOSE_ON_COMMIT')),
    bit('is_local_cursor_default', () => false),
    ...constants(bit, 'is_fulltext_enabled=0'),
    bit('is_trustworthy_on', (database) => database.id === 4 || recorded('TRUSTWORTHY')(database)),
    bit('is_db_chaining_on', (database) => database.id === 1 || database.id === 2 || database.id === 4),
    bit('is_parameterization_forced', recorded('PARAMETERIZATION_FORCED')),
    ...constants(
      bit,
      'is_master_key_encrypted_by_server=0 is_published=0 is_subscribed=0 is_merge_published=0 is_distributor=0 is_sync_with_backup=0',
    ),
    uniqueidentifier('service_broker_guid', (database) => guidOf(database, 0)),
    ...constants(bit, 'is_broker_enabled=0'),
    ...constants(tinyint, 'log_reuse_wait=0'),
    description('log_reuse_wait_desc', () => 'NOTHING'),
    ...constants(bit, 'is_date_correlation_on=0 is_cdc_enabled=0 is_encrypted=0'),
    orNull(bit('is_honor_broker_priority_on', () => false)),
    ...constants(uniqueidentifier, 'replica_id=null group_database_id=null'),
    ...constants(int, 'resource_pool_id=null'),
    ...constants(smallint, 'default_language_lcid=null'),
    ...constants(tinyint, 'containment=0'),
    description('containment_desc', () => 'NONE'),
    ...constants(int, 'target_recovery_time_in_seconds=0'),
  ]),
  defineView('sys.database_files', (_runtime, database) => filesOf(database))(databaseFileColumns),
  defineView('sys.master_files', function* ({ server, session }): Generator<File> {
    const rights = ['CREATE ANY DATABASE', 'ALTER ANY DATABASE', 'VIEW ANY DEFINITION'];
    if (!rights.some((right) => hasPermission(session, session.database, right, { kind: 'server' }))) return;
    for (const database of server.databases.values()) yield* filesOf(database);
  })([int('database_id', (file) => file.database.id), ...databaseFileColumns]),
  defineView(
    'sys.dm_os_volume_stats',
    function* (runtime, _database, values): Generator<File> {
      requirePermission(runtime.session, runtime.database, 'VIEW SERVER STATE', { kind: 'server' });
      const [databaseId, fileId] = values.map(Number);
      const database = databaseId === undefined ? undefined : databaseById(runtime, databaseId);
      if (database !== undefined) yield* filesOf(database).filter((file) => file.id === fileId);
    },
    2,
  )([
    int('database_id', (file) => file.database.id),
    int('file_id', (file) => file.id),
    orNull(nvarchar('volume_mount_point', 256, () => VOLUME.mount)),
    orNull(nvarchar('volume_id', 256, () => `${VOLUME.mount}volume`)),
    orNull(nvarchar('logical_volume_name', 256, () => 'practice')),
    orNull(nvarchar('file_system_type', 256, () => 'NTFS')),
    bigint('total_bytes', () => VOLUME.total),
    bigint('available_bytes', () => VOLUME.available),
    ...constants(
      tinyint,
      'supports_compression=0 supports_alternate_streams=0 supports_sparse_files=0 is_read_only=0 is_compressed=0',
    ),
  ]),
  defineView('sys.filegroups', (_runtime, database) => [database])([
    sysname('name', () => 'PRIMARY'),
    ...constants(int, 'data_space_id=1'),
    char('type', 2, () => 'FG'),
    description('type_desc', () => 'ROWS_FILEGROUP'),
    bit('is_default', () => true),
    ...constants(bit, 'is_system=0'),
    ...constants(uniqueidentifier, 'filegroup_guid=null'),
    ...constants(int, 'log_filegroup_id=null'),
    ...constants(bit, 'is_read_only=0'),
  ]),
  defineView(
    'sys.schemas',
    (_runtime, database): Iterable<Schema> => database.schemas.values(),
  )([
    sysname('name', (schema) => schema.name),
    int('schema_id', (schema) => schema.id),
    orNull(int('principal_id', (schema) => schema.ownerId)),
  ]),
  defineView(
    'sys.extended_properties',
    (_runtime, database) => database.extendedProperties,
  )([
    tinyint('class', (property) => property.class),
    orNull(
      description(
        'class_desc',
        (property) =>
          ({ 0: 'DATABASE', 1: 'OBJECT_OR_COLUMN', 3: 'SCHEMA', 4: 'DATABASE_PRINCIPAL', 7: 'INDEX' })[
            property.class
          ] ?? null,
      ),
    ),
    int('major_id', (property) => property.majorId),
    int('minor_id', (property) => property.minorId),
    sysname('name', (property) => property.name),
    orNull({
      name: 'value',
      type: { kind: 'sql_variant' },
      isNullable: true,
      read: (property) => property.value,
    }),
  ]),
  // Change tracking is refused, so these are empty and say so truthfully.
  defineView('sys.change_tracking_databases', (): readonly Database[] => [])([
    int('database_id', (database) => database.id),
    ...constants(tinyint, 'is_auto_cleanup_on=null'),
    ...constants(int, 'retention_period=null retention_period_units=null'),
    orNull(description('retention_period_units_desc', () => null)),
  ]),
  defineView('sys.change_tracking_tables', (): readonly Database[] => [])([
    ...constants(int, 'object_id=0'),
    ...constants(bit, 'is_track_columns_updated_on=0'),
    ...constants(bigint, 'min_valid_version=null begin_version=null cleanup_version=null'),
  ]),
  defineView('sys.assemblies', (): readonly Database[] => [])([
    sysname('name', () => ''),
    ...constants(int, 'principal_id=0 assembly_id=0'),
    nvarchar('clr_name', 4000, () => null),
    ...constants(tinyint, 'permission_set=0'),
    description('permission_set_desc', () => null),
    ...constants(bit, 'is_visible=0'),
    datetime('create_date', () => null),
    datetime('modify_date', () => null),
    ...constants(bit, 'is_user_defined=0'),
  ]),
];
