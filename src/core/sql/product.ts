import { compareVersions, isVersion } from '../schema/version.ts';

/** SERVERPROPERTY('EngineEdition') of SQL Server Express. */
export const expressEngineEdition = 4;

/** SQL Server 2008 R2: the oldest grammar that the scripts are written for. */
const oldestVersion = '10.50';

const releases: Readonly<Record<string, string>> = {
  '9.0': '2005',
  '10.0': '2008',
  '10.50': '2008 R2',
  '11.0': '2012',
  '12.0': '2014',
  '13.0': '2016',
  '14.0': '2017',
  '15.0': '2019',
  '16.0': '2022',
  '17.0': '2025',
};

/** "SQL Server 2012 Express Edition", as technicians know it; other engines by the first words of @@VERSION. */
export function productName(server: {
  readonly productVersion: string;
  readonly edition: string;
  readonly versionText: string;
}): string {
  const firstLine = (server.versionText.split('\n')[0] ?? '').trim();
  // "Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8": the name stands before the first dash.
  if (!/^Microsoft SQL Server/i.test(firstLine))
    return firstLine.split(' - ')[0]?.slice(0, 60) || 'a server of unknown make';
  const release = releases[server.productVersion.split('.').slice(0, 2).join('.')];
  const edition = server.edition.replace(/ \(64-bit\)$/, '');
  return `SQL Server ${release ?? server.productVersion} ${edition}`.trim();
}

/**
 * Whether a server is older than SQL Server 2008 R2. An engine that writes its version in another way is not called old
 * for that: its abilities are tried one by one.
 */
export function isTooOld(productVersion: string): boolean {
  return isVersion(productVersion) && compareVersions(productVersion, oldestVersion) < 0;
}
