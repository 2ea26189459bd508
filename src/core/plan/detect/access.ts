import type { SqlSession } from '../../sql/session.ts';
import { checkUser, executorRole, missingTableGrants, registerRole } from '../access.ts';
import type { AccessState, Checked, GroupAccess } from '../detected.ts';
import { ask, fold, only } from './ask.ts';

/** Which roles, memberships and grants of ours are there already. `groups` are MACHINE\POSUsers and others on Windows. */
export function askAccess(
  session: SqlSession,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<Checked<AccessState>> {
  return ask(async () => {
    const principals = await readPrincipals(session, signal);
    const members = await readMembers(session, signal);
    const hasRegisterRole = principals.includes(registerRole);
    return {
      hasExecutorRole: principals.includes(executorRole),
      executorMayExecute: await readExecute(session, signal),
      hasRegisterRole,
      registerMemberships: members.filter(({ member }) => member === registerRole).map(({ role }) => role),
      tablesWithoutDirectGrants: hasRegisterRole
        ? await readMissingGrants(session, signal)
        : Number.MAX_SAFE_INTEGER,
      hasCheckUser: members.some(({ role, member }) => role === registerRole && member === checkUser),
      groups: await readGroups(session, groups, principals, members, signal),
    };
  });
}

type Member = { readonly role: string; readonly member: string };

async function readGroups(
  session: SqlSession,
  groups: readonly string[],
  principals: readonly string[],
  members: readonly Member[],
  signal: AbortSignal,
): Promise<readonly GroupAccess[]> {
  const found: GroupAccess[] = [];
  for (const account of groups) {
    const folded = fold(account);
    found.push({
      account,
      hasLogin: await readHasLogin(session, account, signal),
      hasUser: principals.includes(folded),
      isMember: members.some(({ role, member }) => role === registerRole && member === folded),
    });
  }
  return found;
}

async function readPrincipals(session: SqlSession, signal: AbortSignal): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>('SELECT name FROM sys.database_principals', {}, signal);
  return rows.map(({ name }) => fold(name));
}

async function readMembers(session: SqlSession, signal: AbortSignal): Promise<readonly Member[]> {
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
