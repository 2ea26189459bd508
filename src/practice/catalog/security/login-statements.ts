/** CREATE, ALTER and DROP LOGIN. */

import { Refusal, SqlError } from '../../engine/extension.ts';
import { foldName, type Login, type SessionState } from '../../engine/model.ts';
import type { Literal, SecurityStatement } from '../../language/syntax.ts';
import { newLogin } from '../create-server.ts';
import { findLogin } from '../logins.ts';
import { hashPassword, isPasswordOf } from '../password-hash.ts';
import type { Undo } from '../security.ts';
import { databasesOf, deleteEntry, missing, requireServer, setEntry } from './security-errors.ts';

type LoginStatement = Extract<SecurityStatement, { kind: 'create-login' }>;

export function createOrAlterLogin(statement: LoginStatement, session: SessionState, undo: Undo): void {
  if (statement.isAlter) alterLogin(statement, session, undo);
  else createLogin(statement, session, undo);
}

const PASSWORD_LIMIT = 128;

function createLogin(statement: LoginStatement, session: SessionState, undo: Undo): void {
  const { server } = session;
  requireServer(session, 'ALTER ANY LOGIN');
  const { name, options } = statement;
  if (server.logins.has(foldName(name))) {
    throw new SqlError(15025, `The server principal '${name}' already exists.`);
  }
  const isWindows = statement.from === 'windows';
  if (isWindows && !/^[^\\]+\\[^\\]+$/.test(name)) {
    throw new SqlError(
      15407,
      `'${name}' is not a valid Windows NT name. Give the complete name: <domain\\username>.`,
    );
  }
  if (!isWindows && name.includes('\\')) {
    throw new SqlError(15006, `'${name}' is not a valid name because it contains invalid characters.`);
  }
  const password = isWindows
    ? undefined
    : passwordOf(statement.password, options.check_policy !== false, name, options);
  const sid = typeof options.sid === 'string' ? Buffer.from(options.sid.slice(2), 'hex') : undefined;
  if (sid !== undefined) {
    if (sid.length !== 16) throw new SqlError(15419, 'Supplied parameter sid should be binary(16).');
    if ([...server.logins.values()].some((login) => Buffer.compare(login.sid, sid) === 0)) {
      throw new SqlError(15433, 'Supplied parameter sid is in use.');
    }
  }
  const defaultDatabase = textOption(options.default_database) ?? 'master';
  if (!server.databases.has(foldName(defaultDatabase))) {
    throw new SqlError(
      15010,
      `The database '${defaultDatabase}' does not exist. Supply a valid database name. To see available databases, use sys.databases.`,
    );
  }
  const defaultLanguage = textOption(options.default_language);
  newLogin(server, {
    name,
    type: isWindows ? 'U' : 'S',
    password,
    defaultDatabase,
    ...(defaultLanguage === undefined ? {} : { defaultLanguage }),
    ...(sid === undefined ? {} : { sid }),
  });
  undo(() => server.logins.delete(foldName(name)));
}

function alterLogin(statement: LoginStatement, session: SessionState, undo: Undo): void {
  const { server } = session;
  const { options } = statement;
  const login = findLogin(server, statement.name);
  const isOwn = login === session.login;
  if (login === undefined) throw missing('alter', 'login', statement.name);
  if (statement.change === 'enable' || statement.change === 'disable') {
    requireServer(session, 'ALTER ANY LOGIN');
    change(login, 'isDisabled', statement.change === 'disable', undo);
    return;
  }
  // Everybody may change the own password with the old one.
  const isOwnPassword = isOwn && Object.keys(options).every((name) => name === 'old_password');
  if (!isOwnPassword) requireServer(session, 'ALTER ANY LOGIN');
  if (statement.password !== undefined) {
    if (login.type !== 'S') throw new SqlError(15234, `Objects of this type have no password.`);
    const old = textOption(options.old_password);
    if (
      old !== undefined
        ? !isPasswordOf(login.password ?? '', old)
        : isOwnPassword && !session.login.roles.has('SYSADMIN')
    ) {
      throw new SqlError(
        15151,
        `Cannot alter the login '${login.name}', because it does not exist or you do not have permission.`,
      );
    }
    change(
      login,
      'password',
      hashPassword(passwordOf(statement.password, options.check_policy !== false, login.name, options)),
      undo,
    );
  }
  const defaultDatabase = textOption(options.default_database);
  if (defaultDatabase !== undefined) {
    if (!server.databases.has(foldName(defaultDatabase))) {
      throw new SqlError(
        15010,
        `The database '${defaultDatabase}' does not exist. Supply a valid database name. To see available databases, use sys.databases.`,
      );
    }
    change(login, 'defaultDatabase', defaultDatabase, undo);
  }
  const defaultLanguage = textOption(options.default_language);
  if (defaultLanguage !== undefined) change(login, 'defaultLanguage', defaultLanguage, undo);
  const newName = textOption(options.name);
  if (newName !== undefined) {
    if (server.logins.has(foldName(newName))) {
      throw new SqlError(15025, `The server principal '${newName}' already exists.`);
    }
    deleteEntry(server.logins, foldName(login.name), undo);
    change(login, 'name', newName, undo);
    setEntry(server.logins, foldName(newName), login, undo);
  }
}

/** Throws 15151, 15405, 15434, 15174; there is no DROP LOGIN IF EXISTS. */
export function dropLogin(name: string, ifExists: boolean, session: SessionState, undo: Undo): void {
  if (ifExists) throw new SqlError(156, "Incorrect syntax near the keyword 'IF'.", 15);
  const { server } = session;
  const login = findLogin(server, name);
  if (login === undefined) throw missing('drop', 'login', name);
  requireServer(session, 'ALTER ANY LOGIN');
  if (login.id === 1) throw new SqlError(15405, `Cannot use the special principal '${login.name}'.`);
  if ([...server.sessions.values()].some((other) => other.login === login)) {
    throw new SqlError(15434, `Could not drop login '${login.name}' as the user is currently logged in.`);
  }
  const owned = databasesOf(server).some((database) => Buffer.compare(database.ownerSid, login.sid) === 0);
  if (owned) {
    throw new SqlError(
      15174,
      `Login '${login.name}' owns one or more database(s). Change the owner of the database(s) before dropping the login.`,
    );
  }
  deleteEntry(server.logins, foldName(login.name), undo);
}

function change<Key extends 'name' | 'password' | 'isDisabled' | 'defaultDatabase' | 'defaultLanguage'>(
  login: Login,
  key: Key,
  value: Login[Key],
  undo: Undo,
): void {
  const old = login[key];
  login[key] = value;
  undo(() => {
    login[key] = old;
  });
}

const textOption = (value: string | number | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

function passwordOf(
  literal: Literal | undefined,
  checksPolicy: boolean,
  login: string,
  options: LoginStatement['options'],
): string {
  if (options.hashed === true || literal?.type === 'binary') throw new Refusal('PASSWORD with HASHED');
  if (options.must_change === true) throw new Refusal('PASSWORD with MUST_CHANGE');
  const password = literal?.type === 'string' ? literal.text : '';
  if (password.length > PASSWORD_LIMIT) {
    throw new SqlError(
      15118,
      'Password validation failed. The password does not meet the operating system policy requirements because it is not complex enough.',
    );
  }
  if (checksPolicy) checkPolicy(password, login);
  return password;
}

/** The Windows policy as an installation finds it: 8 characters out of three of four kinds, without the login's name. */
function checkPolicy(password: string, login: string): void {
  if (password.length < 8) {
    throw new SqlError(
      15116,
      'Password validation failed. The password does not meet the operating system policy requirements because it is too short.',
    );
  }
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  if (kinds < 3 || (login.length >= 3 && foldName(password).includes(foldName(login)))) {
    throw new SqlError(
      15118,
      'Password validation failed. The password does not meet the operating system policy requirements because it is not complex enough.',
    );
  }
}
