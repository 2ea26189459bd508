import { registerRole } from '../plan/access.ts';
import { only } from '../plan/detect/ask.ts';
import type { SqlSession } from '../sql/session.ts';

/** Which parts of a run-time account are there: the login of the server, its user and its role in the database. */
export type AccountState = {
  readonly hasLogin: boolean;
  readonly hasUser: boolean;
  readonly isMember: boolean;
};

/** From a session in the database. */
export async function readAccount(
  session: SqlSession,
  user: string,
  signal: AbortSignal,
): Promise<AccountState> {
  const row = only(
    await session.query<{ login: number | null; databaseUser: number | null; members: number }>(
      `SELECT SUSER_ID(@user) AS login, USER_ID(@user) AS databaseUser, (
  SELECT COUNT(*) FROM sys.database_role_members AS d
  JOIN sys.database_principals AS r ON r.principal_id = d.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = d.member_principal_id
  WHERE LOWER(r.name) = N'${registerRole}' AND LOWER(m.name) = LOWER(@user)
) AS members`,
      { user },
      signal,
    ),
  );
  return { hasLogin: row.login !== null, hasUser: row.databaseUser !== null, isMember: row.members > 0 };
}

/** In a database that is not there yet; whether the login exists is asked when it is made. */
export const noAccount: AccountState = { hasLogin: false, hasUser: false, isMember: false };
