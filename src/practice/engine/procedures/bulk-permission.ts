/** What a session must be allowed to do for INSERT BULK. */

import { hasPermission, requirePermission } from '../../catalog/index.ts';
import { SqlError } from '../extension.ts';
import type { Database, SessionState, Table } from '../model.ts';

/** Of a bulk load: what it does not pass by. */
export type BulkManners = { readonly firesTriggers: boolean; readonly checksConstraints: boolean };

/**
 * INSERT; and ALTER on a table whose triggers or constraints the load passes by, which is what it does unless it says
 * otherwise. learn.microsoft.com/sql/tools/bcp-utility#permissions
 */
export const requireBulkPermission = (
  session: SessionState,
  database: Database,
  table: Table,
  { firesTriggers, checksConstraints }: BulkManners,
): void => {
  if (table.name.startsWith('#')) return;
  const target = { kind: 'object', object: table } as const;
  requirePermission(session, database, 'INSERT', target);
  const passesTriggers = !firesTriggers && table.triggers.some(({ isDisabled }) => !isDisabled);
  const passesConstraints =
    !checksConstraints &&
    table.constraints.some(({ type, isDisabled }) => (type === 'C' || type === 'F') && !isDisabled);
  if (!passesTriggers && !passesConstraints) return;
  if (hasPermission(session, database, 'ALTER', target)) return;
  throw new SqlError(
    5304,
    `Bulk copy failed. User does not have ALTER TABLE permission on table '${table.schema.name}.${table.name}'. ALTER TABLE permission is required on the target table of a bulk copy operation if the table has triggers or check constraints, but 'FIRE_TRIGGERS' or 'CHECK_CONSTRAINTS' bulk hints are not specified as options to the bulk copy command.`,
  );
};
