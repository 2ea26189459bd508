/** Permission checks of plans; the rules are the catalog's. */

import { requirePermission } from '../../catalog/index.ts';
import type { SessionState } from '../model.ts';
import type { Access } from '../query/compile-context.ts';

export const checkAccess = (session: SessionState, access: Access): void => {
  if (access.object.kind === 'table' && access.object.name.startsWith('#')) return;
  requirePermission(session, access.database, access.permission, {
    kind: 'object',
    object: access.object,
  });
};
