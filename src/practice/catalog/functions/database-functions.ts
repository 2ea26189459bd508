/** Databases, files and row versions. */

import type { BuiltinFunction, Runtime } from '../../engine/extension.ts';
import { type Database, foldName } from '../../engine/model.ts';
import type { Value } from '../../engine/types.ts';
import { userOf } from '../logins.ts';
import { databaseById } from '../objects.ts';
import { usedPages } from '../storage-size.ts';
import { variantInt, variantText } from '../view-definition.ts';
import { filesOf } from '../views/database-views.ts';
import {
  flag,
  INT,
  metadataFunction,
  NAME,
  numberOf,
  property,
  runtimeFunction,
  SMALLINT,
  TEXT,
  textOf,
  VARIANT,
} from './metadata-function.ts';

const databaseNamed = (name: string, { server }: Runtime): Database | undefined =>
  server.databases.get(foldName(name.trimEnd()));

const recordedFlag =
  (option: string, otherwise = false) =>
  (database: Database): Value => {
    const value = database.options.recorded.get(option)?.toUpperCase();
    return variantInt(flag(value === undefined ? otherwise : value === 'ON' || value === 'TRUE'));
  };

const databaseProperty = property<Database, Value>({
  Collation: (database) => variantText(database.collation),
  ComparisonStyle: () => variantInt(196609),
  IsAnsiNullDefault: recordedFlag('ANSI_NULL_DEFAULT'),
  IsAnsiNullsEnabled: recordedFlag('ANSI_NULLS'),
  IsAnsiPaddingEnabled: recordedFlag('ANSI_PADDING'),
  IsAnsiWarningsEnabled: recordedFlag('ANSI_WARNINGS'),
  IsArithmeticAbortEnabled: recordedFlag('ARITHABORT'),
  IsAutoClose: (database) => variantInt(flag(database.options.autoClose)),
  IsAutoShrink: (database) => variantInt(flag(database.options.autoShrink)),
  IsAutoCreateStatistics: recordedFlag('AUTO_CREATE_STATISTICS', true),
  IsAutoUpdateStatistics: recordedFlag('AUTO_UPDATE_STATISTICS', true),
  IsCloseCursorsOnCommitEnabled: recordedFlag('CURSOR_CLOSE_ON_COMMIT'),
  IsFulltextEnabled: () => variantInt(0),
  IsInStandBy: () => variantInt(0),
  IsLocalCursorsDefault: () => variantInt(0),
  IsMergePublished: () => variantInt(0),
  IsNullConcat: recordedFlag('CONCAT_NULL_YIELDS_NULL'),
  IsNumericRoundAbortEnabled: recordedFlag('NUMERIC_ROUNDABORT'),
  IsParameterizationForced: recordedFlag('PARAMETERIZATION_FORCED'),
  IsPublished: () => variantInt(0),
  IsQuotedIdentifiersEnabled: recordedFlag('QUOTED_IDENTIFIER'),
  IsRecursiveTriggersEnabled: recordedFlag('RECURSIVE_TRIGGERS'),
  IsSubscribed: () => variantInt(0),
  IsSyncWithBackup: () => variantInt(0),
  IsTornPageDetectionEnabled: (database) =>
    variantInt(flag(database.options.pageVerify === 'TORN_PAGE_DETECTION')),
  LCID: () => variantInt(1033),
  Recovery: (database) => variantText(database.options.recovery),
  SQLSortOrder: () => variantInt(52),
  Status: (database) => variantText(database.options.state),
  Updateability: (database) => variantText(database.options.isReadOnly ? 'READ_ONLY' : 'READ_WRITE'),
  UserAccess: (database) => variantText(database.options.userAccess),
  // The internal version of SQL Server 2012.
  Version: () => variantInt(706),
});

const rowversionBytes = (value: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};

/** FILEPROPERTY names the file by its logical name in the current database. */
const fileNamed = (name: string, { database }: Runtime) =>
  filesOf(database).find((file) => foldName(file.name) === foldName(name));

export const databaseFunctions: readonly BuiltinFunction[] = [
  metadataFunction(
    'DB_ID',
    [NAME],
    SMALLINT,
    ([name], runtime) =>
      (name === undefined ? runtime.database : databaseNamed(textOf(name), runtime))?.id ?? null,
    { optional: 1 },
  ),
  metadataFunction(
    'DB_NAME',
    [INT],
    NAME,
    ([id], runtime) =>
      (id === undefined || id === 0 ? runtime.database : databaseById(runtime, numberOf(id)))?.name ?? null,
    { optional: 1 },
  ),
  metadataFunction('DATABASEPROPERTYEX', [NAME, TEXT], VARIANT, ([name, asked], runtime) => {
    const database = databaseNamed(textOf(name), runtime);
    return database === undefined ? null : (databaseProperty(textOf(asked))?.(database) ?? null);
  }),
  metadataFunction('HAS_DBACCESS', [NAME], INT, ([name], { server, session }) => {
    const database = server.databases.get(foldName(textOf(name)));
    if (database === undefined) return null;
    return flag(database.options.state === 'ONLINE' && userOf(server, session.login, database) !== undefined);
  }),
  metadataFunction('FILEPROPERTY', [NAME, TEXT], INT, ([name, asked], runtime) => {
    const file = fileNamed(textOf(name), runtime);
    if (file === undefined) return null;
    switch (textOf(asked).toLowerCase()) {
      case 'spaceused':
        return file.id === 1 ? Math.min(usedPages(runtime.database), file.size) : Math.ceil(file.size / 4);
      case 'isprimaryfile':
        return flag(file.id === 1);
      case 'islogfile':
        return flag(file.id === 2);
      case 'isreadonly':
        return flag(runtime.database.options.isReadOnly);
      default:
        return null;
    }
  }),
  metadataFunction(
    'FILE_ID',
    [NAME],
    SMALLINT,
    ([name], runtime) => fileNamed(textOf(name), runtime)?.id ?? null,
  ),
  metadataFunction(
    'FILE_NAME',
    [INT],
    NAME,
    ([id], { database }) => filesOf(database).find((file) => file.id === numberOf(id))?.name ?? null,
  ),
  metadataFunction('FILEGROUP_NAME', [INT], NAME, ([id]) => (numberOf(id) === 1 ? 'PRIMARY' : null)),
  runtimeFunction('@@DBTS', { kind: 'varbinary', length: 8 }, ({ database }) =>
    rowversionBytes(database.rowversion - 1n),
  ),
  runtimeFunction('MIN_ACTIVE_ROWVERSION', { kind: 'binary', length: 8 }, ({ server, database }) =>
    rowversionBytes(server.lowestActiveRowversion?.(database) ?? database.rowversion),
  ),
];
