/** ALTER AUTHORIZATION: a new owner of a database, schema or role. */

import { Refusal, SqlError } from '../../engine/extension.ts';
import { foldName, type SessionState } from '../../engine/model.ts';
import type { SecurityStatement } from '../../language/syntax.ts';
import { findLogin } from '../logins.ts';
import { hasPermission } from '../permissions.ts';
import type { Undo } from '../security.ts';
import { mayInDatabase, missing } from './security-errors.ts';

type Authorization = Extract<SecurityStatement, { kind: 'alter-authorization' }>;

export function alterAuthorization(statement: Authorization, session: SessionState, undo: Undo): void {
  const { on, to } = statement;
  const name = on.name?.name ?? '';
  switch (on.class) {
    case 'database':
      changeDatabaseOwner(name, to, session, undo);
      return;
    case 'schema': {
      const schema = session.database.schemas.get(foldName(name));
      if (
        schema === undefined ||
        !hasPermission(session, session.database, 'TAKE OWNERSHIP', { kind: 'schema', schema })
      ) {
        throw missing('find', 'schema', name);
      }
      if (schema.id >= 2 && schema.id <= 4)
        throw new SqlError(15150, `Cannot alter the schema '${schema.name}'.`);
      const old = schema.ownerId;
      schema.ownerId = ownerIn(session, to);
      undo(() => {
        schema.ownerId = old;
      });
      return;
    }
    case 'role': {
      const role = session.database.principals.get(foldName(name));
      if (role?.type !== 'R' || !mayInDatabase(session, 'CONTROL')) throw missing('find', 'role', name);
      if (role.isFixedRole || role.id === 0)
        throw new SqlError(15150, `Cannot alter the role '${role.name}'.`);
      const old = role.ownerId;
      role.ownerId = ownerIn(session, to);
      undo(() => {
        role.ownerId = old;
      });
      return;
    }
    default:
      // Objects here belong to the owner of their schema.
      throw new Refusal(`ALTER AUTHORIZATION ON ${on.class.toUpperCase()}`);
  }
}

function ownerIn(session: SessionState, name: string): number {
  const owner = session.database.principals.get(foldName(name));
  if (owner === undefined) throw missing('find', 'principal', name);
  return owner.id;
}

function changeDatabaseOwner(name: string, to: string, session: SessionState, undo: Undo): void {
  const { server } = session;
  const database = server.databases.get(foldName(name));
  if (database === undefined || !hasPermission(session, database, 'TAKE OWNERSHIP', { kind: 'database' })) {
    throw missing('find', 'database', name);
  }
  if (database.id <= 3) {
    throw new SqlError(
      15109,
      'Cannot change the owner of the master, model, tempdb or distribution database.',
    );
  }
  const login = findLogin(server, to);
  if (login === undefined) throw missing('find', 'principal', to);
  for (const principal of database.principals.values()) {
    if (principal.id > 4 && principal.sid !== undefined && Buffer.compare(principal.sid, login.sid) === 0) {
      throw new SqlError(
        15110,
        'The proposed new database owner is already a user or aliased in the database.',
      );
    }
  }
  const dbo = database.principals.get('DBO');
  const old = { owner: database.ownerSid, sid: dbo?.sid };
  database.ownerSid = login.sid;
  if (dbo !== undefined) dbo.sid = login.sid;
  undo(() => {
    database.ownerSid = old.owner;
    if (dbo !== undefined) dbo.sid = old.sid;
  });
}
