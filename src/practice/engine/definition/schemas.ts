/** CREATE SCHEMA. */

import { requirePermission } from '../../catalog/index.ts';
import type { DefinitionStatement } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName, type Schema } from '../model.ts';
import type { Change } from './change.ts';

export const createSchema = (
  { context, undo }: Change,
  statement: DefinitionStatement & { readonly kind: 'create-schema' },
): void => {
  const { database, session } = context;
  requirePermission(session, database, 'CREATE SCHEMA', { kind: 'database' });
  const folded = foldName(statement.name);
  if (database.schemas.has(folded)) {
    throw new SqlError(2714, `There is already an object named '${statement.name}' in the database.`, 16, 6);
  }
  const owner =
    statement.owner === undefined ? session.user : database.principals.get(foldName(statement.owner));
  if (owner === undefined) {
    throw new SqlError(
      15151,
      `Cannot find the user '${statement.owner}', because it does not exist or you do not have permission.`,
    );
  }
  const schema: Schema = {
    name: statement.name,
    id: database.next.schema++,
    ownerId: owner.id,
    objects: new Map(),
  };
  database.schemas.set(folded, schema);
  undo(() => {
    database.schemas.delete(folded);
  });
};
