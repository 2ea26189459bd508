/** The catalog's own views and procedures as objects with ids, so that OBJECT_ID and sys.all_objects find them. */

import type { SystemProcedure, SystemView } from '../engine/extension.ts';
import { foldName } from '../engine/model.ts';

export type SystemObject = {
  /** Negative, as all ids of system objects; stable within a version of this server. */
  readonly id: number;
  readonly schema: 'sys' | 'INFORMATION_SCHEMA';
  readonly name: string;
  readonly code: 'V' | 'P' | 'IF';
  readonly description: 'VIEW' | 'SQL_STORED_PROCEDURE' | 'SQL_INLINE_TABLE_VALUED_FUNCTION';
  /** Of a view. */
  readonly view: SystemView | undefined;
};

let byId: ReadonlyMap<number, SystemObject> = new Map();
let byName: ReadonlyMap<string, SystemObject> = new Map();

/** Tells once, while the catalog is put together, what there is. */
export function publishSystemObjects(
  views: ReadonlyMap<string, SystemView>,
  procedures: ReadonlyMap<string, SystemProcedure>,
): void {
  const objects = [
    ...[...views.values()].map((view) => ({
      schema: view.schema === 'sys' ? ('sys' as const) : ('INFORMATION_SCHEMA' as const),
      name: view.name,
      view,
      ...(view.parameters === undefined
        ? ({ code: 'V', description: 'VIEW' } as const)
        : ({ code: 'IF', description: 'SQL_INLINE_TABLE_VALUED_FUNCTION' } as const)),
    })),
    ...[...procedures.values()].map((procedure) => ({
      schema: 'sys' as const,
      name: procedure.name,
      view: undefined,
      code: 'P' as const,
      description: 'SQL_STORED_PROCEDURE' as const,
    })),
  ].map((object, index) => ({ ...object, id: -1001 - index }));
  byId = new Map(objects.map((object) => [object.id, object]));
  byName = new Map(objects.map((object) => [foldName(`${object.schema}.${object.name}`), object]));
}

export const systemObjects = (): Iterable<SystemObject> => byId.values();
export const systemObjectById = (id: number): SystemObject | undefined => byId.get(id);
export const systemObject = (schema: string, name: string): SystemObject | undefined =>
  byName.get(foldName(`${schema}.${name}`));
export const systemSchemaId = (object: SystemObject): number => (object.schema === 'sys' ? 4 : 3);
