import type { SqlSession } from '../../sql/session.ts';
import { checkUser, executorRole, missingTableGrants, registerRole } from '../access.ts';
import type { AccessState, Checked } from '../detected.ts';
import { ask, fold, only } from './ask.ts';

/** Which roles, memberships and grants of ours are there already. `registerGroup` is MACHINE\POSUsers on Windows. */
export function askAccess(
  session: SqlSession,
  registerGroup: string | undefined,
  signal: AbortSignal,
): Promise<Checked<AccessState>> {
  return ask(async () => {
    const principals = await readPrincipals(session, signal);
    const members = await readMembers(session, signal);
    const hasRegisterRole = principals.includes(registerRole);
    const group = registerGroup === undefined ? undefined : fold(registerGroup);
    return {
      hasExecutorRole: principals.includes(executorRole),
      executorMayExecute: await readExecute(session, signal),
      hasRegisterRole,
      registerMemberships: members.filter(({ member }) => member === registerRole).map(({ role }) => role),
      tablesWithoutDirectGrants: hasRegisterRole
        ? await readMissingGrants(session, signal)
        : Number.MAX_SAFE_INTEGER,
      hasCheckUser: members.some(({ role, member }) => role === registerRole && member === checkUser),
      registerGroup:
        registerGroup === undefined || group === undefined
          ? undefined
          : {
              hasLogin: await readHasLogin(session, registerGroup, signal),
              hasUser: principals.includes(group),
              isMember: members.some(({ role, member }) => role === registerRole && member === group),
            },
    };
  });
}

async function readPrincipals(session: SqlSession, signal: AbortSignal): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>('SELECT name FROM sys.database_principals', {}, signal);
  return rows.map(({ name }) => fold(name));
}

async function readMembers(
  session: SqlSession,
  signal: AbortSignal,
): Promise<readonly { role: string; member: string }[]> {
  const rows = await session.query<{ role: string; member: string }>(
    `SELECT r.name AS role, m.name AS member
FROM sys.database_role_members AS d
JOIN sys.database_principals AS r ON r.principal_id = d.role_principal_id
JOIN sys.database_principals AS m ON m.principal_id = d.member_principal_id`,
    {},
    signal,
  );
  return rows.map(({ role, member }) => ({ role: fold(role), member: fold(member) }));
}

async function readExecute(session: SqlSession, signal: AbortSignal): Promise<boolean> {
  const rows = await session.query<{ granted: number }>(
    `SELECT COUNT(*) AS granted
FROM sys.database_permissions AS p JOIN sys.database_principals AS g ON g.principal_id = p.grantee_principal_id
WHERE p.class = 0 AND p.type = 'EX' AND p.state IN ('G', 'W') AND LOWER(g.name) = N'${executorRole}'`,
    {},
    signal,
  );
  return only(rows).granted > 0;
}

async function readMissingGrants(session: SqlSession, signal: AbortSignal): Promise<number> {
  return only(
    await session.query<{ missing: number }>(
      `SELECT COUNT(*) AS missing FROM (${missingTableGrants}) AS t`,
      {},
      signal,
    ),
  ).missing;
}

async function readHasLogin(session: SqlSession, login: string, signal: AbortSignal): Promise<boolean> {
  // SUSER_ID tells of logins that this one may not see in sys.server_principals.
  const row = only(
    await session.query<{ id: number | null }>('SELECT SUSER_ID(@login) AS id', { login }, signal),
  );
  return row.id !== null;
}
