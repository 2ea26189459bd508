import { parseServerName } from '../sql/server-name.ts';
import type { EncryptionChoice } from '../sql/session.ts';

/**
 * Seconds that POS waits for the store's server. SqlClient's own 15 make a cashier wait through a queue of customers
 * before the register goes offline; without an offline database there is nothing to go to, and patience is right.
 */
const timeoutSeconds = { withOffline: 5, alone: 15 } as const;

/**
 * The connection string by which POS reaches a database: always with the Windows account that POS runs under, because
 * a password in this file could be read by everybody at the register. It takes
 * the place of the whole string that stood there: a foreign key kept in it (a user, a fail-over partner) would be a
 * connection that nobody has tested.
 */
export function posConnectionString(
  database: { readonly server: string; readonly name: string },
  options: { readonly encryption: EncryptionChoice; readonly hasOfflineDatabase: boolean },
): string {
  const { encryption, hasOfflineDatabase } = options;
  const pairs = [
    ['Data Source', dataSource(database.server)],
    ['Initial Catalog', database.name],
    ['Integrated Security', 'True'],
    ['Persist Security Info', 'False'],
    ['Pooling', 'True'],
    ['Encrypt', encryption === 'none' ? 'False' : 'True'],
    ['TrustServerCertificate', encryption === 'verify' ? 'False' : 'True'],
    ['Connection Timeout', String(hasOfflineDatabase ? timeoutSeconds.withOffline : timeoutSeconds.alone)],
  ] as const;
  return pairs.map(([key, value]) => `${key}=${quoted(value)}`).join(';');
}

/**
 * The server as SqlClient understands it. What technicians type beyond that (quotes, a colon before the port, brackets
 * around IPv6) is read by storedb's own connections only.
 */
function dataSource(typed: string): string {
  return parseServerName(typed)
    .label.replace(/^\[([^\]]+)\]\s*[,:]?/, (whole, address) =>
      /[,:]$/.test(whole) ? `${address},` : address,
    )
    .replace(/^([^:]+?)\s*:\s*(\d+)$/, '$1,$2');
}

/**
 * SqlClient's rules: a value with a semicolon, an equals sign at its begin, a quote or outer blanks stands in quotes,
 * and a quote of that kind within is doubled
 * (https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax).
 */
function quoted(value: string): string {
  if (!/^\s|\s$|[;'"]|^=/.test(value)) return value;
  return `"${value.replaceAll('"', '""')}"`;
}
