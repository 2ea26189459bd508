import { parseServerName } from '../../sql/server-name.ts';

/**
 * The service of the SQL Server that runs on this computer under such a name, so that ours starts after it; undefined
 * for another computer, and where a port hides which instance it is. A practice server is no service, which a name of
 * an instance never means.
 */
export function localInstanceService(server: string, platform: 'linux' | 'win32'): string | undefined {
  const { isLoopback, instance, port } = parseServerName(server);
  if (!isLoopback) return undefined;
  // On Linux there is one instance, and ordering after a unit that is not there does nothing.
  if (platform === 'linux') return 'mssql-server.service';
  if (instance !== undefined) return `MSSQL$${instance.toUpperCase()}`;
  return port === undefined || port === 1433 ? 'MSSQLSERVER' : undefined;
}
