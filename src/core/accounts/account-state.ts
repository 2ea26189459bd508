import { registerRole } from '../plan/access.ts';
import { only } from '../plan/detect/ask.ts';
import type { SqlSession } from '../sql/session.ts';

/** Which parts of a run-time account are there: the login of the server, its user and its role in the database. */
export type AccountState = {
  readonly hasLogin: boolean;
  readonly hasUser: boolean;
  /** The user belongs to another login of that name, as after a restore from another server: it lets nobody in. */
  readonly isOrphan: boolean;
  readonly isMember: boolean;
};

/** From a session in the database. */
export async function readAccount(
  session: SqlSession,
  user: string,
  signal: AbortSignal,
): Promise<AccountState> {
  const row = only(
    await session.query<{
      login: number | null;
      databaseUser: number | null;
      members: number;
      orphans: number;
    }>(
      `SELECT SUSER_ID(@user) AS login, USER_ID(@user) AS databaseUser, (
  SELECT COUNT(*) FROM sys.database_role_members AS d
  JOIN sys.database_principals AS r ON r.principal_id = d.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = d.member_principal_id
  WHERE LOWER(r.name) = N'${registerRole}' AND LOWER(m.name) = LOWER(@user)
) AS members, (
  SELECT COUNT(*) FROM sys.database_principals AS u
  WHERE LOWER(u.name) = LOWER(@user) AND SUSER_SID(@user) IS NOT NULL AND u.sid <> SUSER_SID(@user)
) AS orphans`,
      { user },
      signal,
    ),
  );
  const hasLogin = row.login !== null;
  const hasUser = row.databaseUser !== null;
  return {
    hasLogin,
    hasUser,
    // A login that is yet to be made gets a number of its own, which the user cannot have.
    isOrphan: row.orphans > 0 || (hasUser && !hasLogin),
    isMember: row.members > 0,
  };
}

/** In a database that is not there yet; whether the login exists is asked when it is made. */
export const noAccount: AccountState = { hasLogin: false, hasUser: false, isOrphan: false, isMember: false };
