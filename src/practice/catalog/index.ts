/** The catalog of the practice server: system views, metadata functions, security and system procedures. */

import type { BuiltinFunction, SystemProcedure, SystemView } from '../engine/extension.ts';

import { databaseFunctions } from './functions/database-functions.ts';
import { lockFunctions } from './functions/lock-functions.ts';
import { objectFunctions } from './functions/object-functions.ts';
import { permissionFunctions } from './functions/permission-functions.ts';
import { principalFunctions } from './functions/principal-functions.ts';
import { propertyFunctions } from './functions/property-functions.ts';
import { serverFunctions } from './functions/server-functions.ts';
import { extendedPropertyProcedures } from './procedures/extended-properties.ts';
import { rename } from './procedures/rename.ts';
import { reportProcedures } from './procedures/report-procedures.ts';
import { roleProcedures } from './procedures/role-procedures.ts';
import { tableCollationProcedures } from './procedures/table-collations.ts';
import { publishSystemObjects } from './system-objects.ts';
import { columnViews } from './views/column-views.ts';
import { constraintViews } from './views/constraint-views.ts';
import { databaseViews } from './views/database-views.ts';
import { listExtendedProperties } from './views/extended-property-list.ts';
import { indexViews } from './views/index-views.ts';
import { informationSchema } from './views/information-schema.ts';
import { objectViews } from './views/object-views.ts';
import { principalViews } from './views/principal-views.ts';
import { serverViews } from './views/server-views.ts';
import { sessionViews } from './views/session-views.ts';

export {
  createDatabase,
  createServer,
  type NewDatabase,
  PRACTICE_NOTICE,
  type ServerOptions,
} from './create-server.ts';
export { authenticate, findLogin, openLoginDatabase, userOf } from './logins.ts';
export { systemTables } from './msdb.ts';
export { hasPermission, type PermissionTarget, requirePermission } from './permissions.ts';
export { refusedProcedures } from './procedures/report-procedures.ts';
export { dropPrincipal, executeSecurity } from './security.ts';

/** By 'sys.tables', 'information_schema.columns': lower case. */
export const systemViews: ReadonlyMap<string, SystemView> = new Map(
  [
    ...objectViews,
    ...columnViews,
    ...indexViews,
    ...constraintViews,
    ...databaseViews,
    ...principalViews,
    ...sessionViews,
    ...serverViews,
    ...informationSchema,
    listExtendedProperties,
  ].map((view) => [`${view.schema}.${view.name.toLowerCase()}`, view]),
);
export const metadataFunctions: readonly BuiltinFunction[] = [
  ...objectFunctions,
  ...propertyFunctions,
  ...databaseFunctions,
  ...serverFunctions,
  ...principalFunctions,
  ...permissionFunctions,
  ...lockFunctions,
];
/** By lower-case name. */
export const systemProcedures: ReadonlyMap<string, SystemProcedure> = new Map(
  [
    ...roleProcedures,
    rename,
    ...extendedPropertyProcedures,
    ...reportProcedures,
    ...tableCollationProcedures,
  ].map((procedure) => [procedure.name, procedure]),
);

publishSystemObjects(systemViews, systemProcedures);
