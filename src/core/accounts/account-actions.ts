import { checkUser, executorRole, registerRole } from '../plan/access.ts';
import { planned } from '../plan/actions/target.ts';
import type { Action } from '../plan/plan.ts';
import { refusal } from '../plan/refusal.ts';
import { type Situation, targetOf } from '../plan/situation.ts';
import { quoteName, quoteString } from '../sql/identifiers.ts';
import type { AccountState } from './account-state.ts';

/** The SQL login of the run time, its user in the database and its role; what it may do is asked as the user itself. */
export function accountActions(situation: Situation, now: AccountState): readonly Action[] {
  const login = situation.answers.serviceAccount?.user;
  if (login === undefined) return [];
  refuseUnfit(situation, login);
  if (now.hasLogin && now.hasUser && now.isMember && !now.isOrphan) return [];
  const target = targetOf(situation);
  const prefix = situation.side === 'store' && situation.answers.task !== 'store-database' ? 'store:' : '';
  const name = quoteName(login);
  const text = quoteString(login);
  const common = { risk: 'changes', need: 'necessary', target } as const;
  const create: readonly Action[] = now.hasLogin
    ? []
    : [
        {
          ...common,
          id: `${prefix}login`,
          kind: 'operation',
          title: `Create the SQL login ${login} on ${target.server}, where it is missing`,
          operation: { kind: 'create-login', side: situation.side, login },
          describes: [`CREATE LOGIN ${name} WITH PASSWORD = (the password of the answers)`],
        },
      ];
  return [
    ...create,
    {
      ...common,
      id: `${prefix}account`,
      kind: 'run-batches',
      title: `Give ${login} the role ${registerRole} in ${target.database}`,
      batches: [
        planned(`IF USER_ID(${text}) IS NULL CREATE USER ${name} FOR LOGIN ${name};`),
        ...(now.isOrphan ? [planned(`ALTER USER ${name} WITH LOGIN = ${name};`)] : []),
        planned(`EXEC sp_addrolemember N'${registerRole}', ${text};`),
      ],
    },
    {
      ...common,
      need: 'optional',
      id: `verify:${prefix}account`,
      kind: 'verify',
      title: `Check as ${login} that it may read, write and execute, and not change tables`,
      check: planned(`EXECUTE AS USER = ${text};
SELECT CASE WHEN HAS_PERMS_BY_NAME(N'dbo.POSISINFO', 'OBJECT', 'SELECT') = 1
  AND HAS_PERMS_BY_NAME(N'dbo.POSISINFO', 'OBJECT', 'UPDATE') = 1
  AND HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'EXECUTE') = 1
  AND HAS_PERMS_BY_NAME(N'dbo.POSISINFO', 'OBJECT', 'ALTER') = 0 THEN 1 ELSE 0 END AS ok;
REVERT;`),
      expected: `${login} may read, write and execute in ${target.database}, and nothing else`,
    },
  ];
}

/** Names that every database has, or that storedb uses: no user of a login of that name can be made. */
const takenNames = new Set([
  ...['sa', 'dbo', 'guest', 'sys', 'information_schema', 'public'],
  ...['db_owner', 'db_accessadmin', 'db_securityadmin', 'db_ddladmin', 'db_backupoperator'],
  ...['db_datareader', 'db_datawriter', 'db_denydatareader', 'db_denydatawriter'],
  ...[executorRole, registerRole, checkUser],
]);

/** Who sets up may do everything; the account of every day must not be that one. */
function refuseUnfit({ answers }: Situation, login: string): void {
  const administrators = [answers.storeDatabase, answers.offlineDatabase].flatMap((database) =>
    database?.auth.kind === 'sql' ? [database.auth.user.toLowerCase()] : [],
  );
  const isAdministrator = administrators.includes(login.toLowerCase());
  if (!isAdministrator && !takenNames.has(login.toLowerCase())) return;
  throw refusal(
    'service-account-unfit',
    isAdministrator
      ? `${login} is the login that sets up; the one for every day must have fewer rights.`
      : `${login} is a name that SQL Server or storedb uses itself.`,
    'Give another name as serviceAccount.user, for example storedb_sync; it is created.',
    { login },
  );
}
