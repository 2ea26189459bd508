/** The catalog of the practice server: system views, metadata functions, security and system procedures. */

import type { BuiltinFunction, SystemProcedure, SystemView } from '../engine/extension.ts';

export {
  createDatabase,
  createServer,
  type NewDatabase,
  PRACTICE_NOTICE,
  type ServerOptions,
} from './create-server.ts';
export { authenticate, findLogin, openLoginDatabase, userOf } from './logins.ts';
export { hasPermission, isVisible, type PermissionTarget, requirePermission } from './permissions.ts';
export { dropPrincipal, executeSecurity } from './security.ts';

/** By 'sys.tables', 'information_schema.columns': lower case. */
export const systemViews: ReadonlyMap<string, SystemView> = new Map();
export const metadataFunctions: readonly BuiltinFunction[] = [];
/** By lower-case name. */
export const systemProcedures: ReadonlyMap<string, SystemProcedure> = new Map();
