/** The procedures of SQL Server 2005 and before for logins, users and roles; still the only way to add a member in 2008 R2. */

import { type ProcedureInvocation, SqlError, type SystemProcedure } from '../../engine/extension.ts';
import { foldName, type SessionState } from '../../engine/model.ts';
import type { SecurityStatement } from '../../language/syntax.ts';
import { findLogin, userOf } from '../logins.ts';
import { dropPrincipal, executeSecurity } from '../security.ts';
import { nameArgument, textArgument } from './procedure-arguments.ts';

const START = { line: 1, offset: 0 } as const;

/** A procedure whose work is done in the model at once. */
const procedure = (
  name: string,
  parameters: readonly string[],
  work: (argument: (name: string) => string, invocation: ProcedureInvocation) => void,
): SystemProcedure => ({
  name,
  parameters,
  execute: async (invocation) => {
    work((argument) => nameArgument(invocation, name, argument), invocation);
    return 0;
  },
});

/** The session as it stands in the procedure's database: `EXEC shop..sp_addrole` works in shop. Throws 916. */
function sessionIn({ runtime }: ProcedureInvocation): SessionState {
  const { server, session, database } = runtime;
  if (database === session.database) return session;
  const user = userOf(server, session.login, database);
  if (user === undefined) {
    throw new SqlError(
      916,
      `The server principal "${session.login.name}" is not able to access the database "${database.name}" under the current security context.`,
      14,
    );
  }
  return { ...session, database, user };
}

const run = (statement: SecurityStatement, invocation: ProcedureInvocation): void =>
  executeSecurity(statement, sessionIn(invocation), (change) => invocation.undo(change));

function changeMember(
  role: string,
  member: string,
  kind: 'add' | 'drop',
  invocation: ProcedureInvocation,
): void {
  const { principals } = invocation.runtime.database;
  if (principals.get(foldName(role))?.type !== 'R') {
    throw new SqlError(15014, `The role '${role}' does not exist in the current database.`);
  }
  if (!principals.has(foldName(member))) {
    throw new SqlError(15410, `User or role '${member}' does not exist in this database.`);
  }
  run({ kind: 'alter-role', name: role, scope: 'database', change: { kind, member } }, invocation);
}

function changeServerMember(
  login: string,
  role: string,
  kind: 'add' | 'drop',
  invocation: ProcedureInvocation,
): void {
  const { server } = invocation.runtime;
  const found = server.logins.get(foldName(role));
  if (found?.type !== 'R' || found.id === 2)
    throw new SqlError(15402, `'${role}' is not a fixed server role.`);
  if (findLogin(server, login) === undefined) throw noLogin(login);
  run({ kind: 'alter-role', name: role, scope: 'server', change: { kind, member: login } }, invocation);
}

const noLogin = (login: string): SqlError =>
  new SqlError(15007, `'${login}' is not a valid login or you do not have permission.`);

function createUser(login: string, name: string, invocation: ProcedureInvocation): void {
  run({ kind: 'create-user', name, login, withoutLogin: false, options: {}, isAlter: false }, invocation);
}

const drop = (kind: 'user' | 'role' | 'login', name: string, invocation: ProcedureInvocation): void =>
  dropPrincipal(kind, name, false, sessionIn(invocation), (change) => invocation.undo(change));

const password = (text: string) => ({ type: 'string', text, isUnicode: true }) as const;

export const roleProcedures: readonly SystemProcedure[] = [
  procedure('sp_addrole', ['rolename', 'ownername?'], (argument, invocation) => {
    const owner = textArgument(invocation, 'ownername');
    run(
      { kind: 'create-role', name: argument('rolename'), ...(owner === undefined ? {} : { owner }) },
      invocation,
    );
  }),
  procedure('sp_droprole', ['rolename'], (argument, invocation) =>
    drop('role', argument('rolename'), invocation),
  ),
  procedure('sp_addrolemember', ['rolename', 'membername'], (argument, invocation) =>
    changeMember(argument('rolename'), argument('membername'), 'add', invocation),
  ),
  procedure('sp_droprolemember', ['rolename', 'membername'], (argument, invocation) =>
    changeMember(argument('rolename'), argument('membername'), 'drop', invocation),
  ),
  procedure('sp_addsrvrolemember', ['loginame', 'rolename'], (argument, invocation) =>
    changeServerMember(argument('loginame'), argument('rolename'), 'add', invocation),
  ),
  procedure('sp_dropsrvrolemember', ['loginame', 'rolename'], (argument, invocation) =>
    changeServerMember(argument('loginame'), argument('rolename'), 'drop', invocation),
  ),
  procedure('sp_grantdbaccess', ['loginame', 'name_in_db?'], (argument, invocation) =>
    createUser(
      argument('loginame'),
      textArgument(invocation, 'name_in_db') ?? argument('loginame'),
      invocation,
    ),
  ),
  procedure('sp_revokedbaccess', ['name_in_db'], (argument, invocation) =>
    drop('user', argument('name_in_db'), invocation),
  ),
  procedure('sp_adduser', ['loginame', 'name_in_db?', 'grpname?'], (argument, invocation) => {
    const name = textArgument(invocation, 'name_in_db') ?? argument('loginame');
    createUser(argument('loginame'), name, invocation);
    const group = textArgument(invocation, 'grpname');
    if (group !== undefined && foldName(group) !== 'PUBLIC') changeMember(group, name, 'add', invocation);
  }),
  procedure('sp_dropuser', ['name_in_db'], (argument, invocation) =>
    drop('user', argument('name_in_db'), invocation),
  ),
  procedure('sp_addlogin', ['loginame', 'passwd?', 'defdb?', 'deflanguage?'], (argument, invocation) => {
    const database = textArgument(invocation, 'defdb');
    const language = textArgument(invocation, 'deflanguage');
    run(
      {
        kind: 'create-login',
        name: argument('loginame'),
        from: 'password',
        password: password(textArgument(invocation, 'passwd') ?? ''),
        options: {
          // As it was before the policies of Windows were asked.
          check_policy: false,
          ...(database === undefined ? {} : { default_database: database }),
          ...(language === undefined ? {} : { default_language: language }),
        },
        isAlter: false,
      },
      invocation,
    );
  }),
  procedure('sp_grantlogin', ['loginame'], (argument, invocation) =>
    run(
      { kind: 'create-login', name: argument('loginame'), from: 'windows', options: {}, isAlter: false },
      invocation,
    ),
  ),
  procedure('sp_droplogin', ['loginame'], (argument, invocation) =>
    drop('login', argument('loginame'), invocation),
  ),
  procedure('sp_revokelogin', ['loginame'], (argument, invocation) =>
    drop('login', argument('loginame'), invocation),
  ),
  procedure('sp_defaultdb', ['loginame', 'defdb'], (argument, invocation) =>
    run(
      {
        kind: 'create-login',
        name: argument('loginame'),
        from: 'password',
        options: { default_database: argument('defdb') },
        isAlter: true,
        change: 'with',
      },
      invocation,
    ),
  ),
  procedure('sp_changedbowner', ['loginame', 'map?'], (argument, invocation) =>
    run(
      {
        kind: 'alter-authorization',
        on: { class: 'database', name: { name: invocation.runtime.database.name, at: START } },
        to: argument('loginame'),
      },
      invocation,
    ),
  ),
];
