/** CREATE LOGIN to ALTER AUTHORIZATION, and DROP of principals, on the model. */

import { Refusal } from '../engine/extension.ts';
import type { SessionState } from '../engine/model.ts';
import type { SecurityStatement } from '../language/syntax.ts';
import { alterAuthorization } from './security/authorization.ts';
import { changePermissions } from './security/grants.ts';
import { createOrAlterLogin, dropLogin } from './security/login-statements.ts';
import { alterRole, createRole, dropRole } from './security/role-statements.ts';
import { createOrAlterUser, dropUser } from './security/user-statements.ts';

/** Registers how to take a change of the model back. */
export type Undo = (change: () => void) => void;

/** Runs a security statement of the session. Throws SqlError with SQL Server's numbers, or Refusal. */
export function executeSecurity(statement: SecurityStatement, session: SessionState, undo: Undo): void {
  switch (statement.kind) {
    case 'create-login':
      createOrAlterLogin(statement, session, undo);
      break;
    case 'create-user':
      createOrAlterUser(statement, session, undo);
      break;
    case 'create-role':
      createRole(statement, session, undo);
      break;
    case 'alter-role':
      alterRole(statement, session, undo);
      break;
    case 'grant':
    case 'deny':
    case 'revoke':
      changePermissions(statement, session, undo);
      break;
    case 'alter-authorization':
      alterAuthorization(statement, session, undo);
      break;
    case 'enable-trigger':
      // Triggers belong to tables, which the engine changes under its locks.
      throw new Refusal('ENABLE TRIGGER as a security statement');
  }
}

/** DROP USER, DROP ROLE, DROP LOGIN. Throws 15151 for a missing one (unless `ifExists`), 15138, 15144, 15150, 15434. */
export function dropPrincipal(
  kind: 'user' | 'role' | 'login',
  name: string,
  ifExists: boolean,
  session: SessionState,
  undo: Undo,
): void {
  if (kind === 'login') dropLogin(name, ifExists, session, undo);
  else if (kind === 'user') dropUser(name, ifExists, session, undo);
  else dropRole(name, ifExists, session, undo);
}
