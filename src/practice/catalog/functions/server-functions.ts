/** What the server says of itself: version, edition, name. */

import { totalmem } from 'node:os';
import type { BuiltinFunction } from '../../engine/extension.ts';
import type { Server } from '../../engine/model.ts';
import type { Value } from '../../engine/types.ts';
import { PRACTICE_NOTICE } from '../create-server.ts';
import { datetimeOf, variantInt, variantText } from '../view-definition.ts';
import { DATA_FOLDER } from '../views/database-views.ts';
import {
  flag,
  INT,
  metadataFunction,
  NAME,
  property,
  runtimeFunction,
  TEXT,
  textOf,
  VARIANT,
} from './metadata-function.ts';

const isDefaultInstance = (server: Server): boolean => server.instance === '.' || server.instance === '';

/** `MACHINE` or `MACHINE\INSTANCE`. */
export const serverName = (server: Server): string =>
  isDefaultInstance(server) ? server.name : `${server.name}\\${server.instance}`;

const versionPart = (server: Server, index: number): Value =>
  variantText(server.productVersion.split('.')[index] ?? '0');

const bigint = (value: bigint): Value => ({ type: { kind: 'bigint' }, value });

const serverProperty = property<Server, Value>({
  BuildClrVersion: () => variantText('v4.0.30319'),
  Collation: (server) => variantText(server.collation),
  CollationID: () => variantInt(872468488),
  ComparisonStyle: () => variantInt(196609),
  ComputerNamePhysicalNetBIOS: (server) => variantText(server.name),
  Edition: (server) => variantText(server.edition),
  EditionID: (server) => bigint(server.engineEdition === 4 ? -1592396055n : -2117995310n),
  EngineEdition: (server) => variantInt(server.engineEdition),
  FilestreamConfiguredLevel: () => variantInt(0),
  FilestreamEffectiveLevel: () => variantInt(0),
  HadrManagerStatus: () => variantInt(2),
  InstanceDefaultDataPath: () => variantText(DATA_FOLDER),
  InstanceDefaultLogPath: () => variantText(DATA_FOLDER),
  InstanceName: (server) => (isDefaultInstance(server) ? null : variantText(server.instance)),
  IsAdvancedAnalyticsInstalled: () => variantInt(0),
  IsClustered: () => variantInt(0),
  IsFullTextInstalled: () => variantInt(0),
  IsHadrEnabled: () => variantInt(0),
  IsIntegratedSecurityOnly: (server) => variantInt(flag(server.isIntegratedSecurityOnly)),
  IsLocalDB: () => variantInt(0),
  IsSingleUser: () => variantInt(0),
  IsXTPSupported: () => variantInt(0),
  LCID: () => variantInt(1033),
  LicenseType: () => variantText('DISABLED'),
  MachineName: (server) => variantText(server.name),
  ProcessID: () => variantInt(process.pid),
  ProductBuild: (server) => versionPart(server, 2),
  ProductLevel: () => variantText('RTM'),
  ProductMajorVersion: (server) => versionPart(server, 0),
  ProductMinorVersion: (server) => versionPart(server, 1),
  ProductVersion: (server) => variantText(server.productVersion),
  ResourceLastUpdateDateTime: (server) => ({
    type: { kind: 'datetime' },
    value: datetimeOf(server.startedAt),
  }),
  ResourceVersion: (server) => variantText(server.productVersion),
  ServerName: (server) => variantText(serverName(server)),
  SqlCharSet: () => ({ type: { kind: 'tinyint' }, value: 1 }),
  SqlCharSetName: () => variantText('iso_1'),
  SqlSortOrder: () => ({ type: { kind: 'tinyint' }, value: 52 }),
  SqlSortOrderName: () => variantText('nocase_iso'),
});

/** Says first of all that this is no SQL Server, then whose grammar and catalog it follows. */
const versionText = (server: Server): string =>
  `storedb ${PRACTICE_NOTICE} - it answers as version ${server.productVersion}\n` +
  `\tNode.js ${process.versions.node} on ${process.platform} (${Math.round(totalmem() / 1024 ** 2)} MB)\n`;

/** 0xMMmmbbbb of the version. */
const versionNumber = (server: Server): number => {
  const [major = 0, minor = 0, build = 0] = server.productVersion.split('.').map(Number);
  return major * 2 ** 24 + minor * 2 ** 16 + build;
};

export const serverFunctions: readonly BuiltinFunction[] = [
  metadataFunction(
    'SERVERPROPERTY',
    [TEXT],
    VARIANT,
    ([asked], { server }) => serverProperty(textOf(asked))?.(server) ?? null,
  ),
  runtimeFunction('@@VERSION', { kind: 'nvarchar', length: 300 }, ({ server }) => versionText(server)),
  runtimeFunction('@@SERVERNAME', NAME, ({ server }) => serverName(server)),
  runtimeFunction('@@SERVICENAME', NAME, ({ server }) =>
    isDefaultInstance(server) ? 'MSSQLSERVER' : server.instance,
  ),
  runtimeFunction('@@MAX_CONNECTIONS', INT, () => 32767),
  runtimeFunction('@@MICROSOFTVERSION', INT, ({ server }) => versionNumber(server)),
];
