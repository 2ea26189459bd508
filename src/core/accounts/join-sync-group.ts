import { ExpectedError } from '../errors.ts';
import type { Finding } from '../plan/plan.ts';
import type { LocalGroups } from './local-groups.ts';

const group = 'RetailOfflineSyncUsers';

/**
 * Puts the account of a service into the group that the SQL Server of this computer lets in, where there is one: so it
 * signs in there as itself, without a password. A service with a SQL login does not need it, so that a refusal is only
 * told.
 */
export async function joinSyncGroup(groups: LocalGroups, service: string): Promise<readonly Finding[]> {
  try {
    if (await groups.has(group)) await groups.addService(group, service);
    return [];
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return [
      {
        code: error.code,
        message: error.message,
        hint: `Where the service signs in by Windows, have an administrator run: net localgroup ${group} "NT SERVICE\\${service}" /add`,
      },
    ];
  }
}
