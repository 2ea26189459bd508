/** fn_listextendedproperty: extended properties of what its levels name, NULL standing for all. */

import type { SystemView } from '../../engine/extension.ts';
import { foldName } from '../../engine/model.ts';
import type { Value } from '../../engine/types.ts';
import { isVisible } from '../permissions.ts';
import { type Levels, placesOf } from '../procedures/extended-property-levels.ts';
import { defineView, orNull, sysname } from '../view-definition.ts';

const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

export const listExtendedProperties: SystemView = defineView(
  'sys.fn_listextendedproperty',
  function* ({ session }, database, [name, type0, name0, type1, name1, type2, name2]) {
    const levels: Levels = [
      { type: text(type0), name: text(name0) },
      { type: text(type1), name: text(name1) },
      { type: text(type2), name: text(name2) },
    ];
    const wanted = text(name);
    for (const place of placesOf(database, levels)) {
      if (place.object !== undefined && !isVisible(session, database, place.object)) continue;
      for (const property of database.extendedProperties) {
        const isHere =
          property.class === place.class &&
          property.majorId === place.majorId &&
          property.minorId === place.minorId;
        if (isHere && (wanted === undefined || foldName(wanted) === foldName(property.name)))
          yield { place, property };
      }
    }
  },
  7,
)([
  orNull(sysname('objtype', ({ place }) => place.type ?? null)),
  orNull(sysname('objname', ({ place }) => place.name ?? null)),
  sysname('name', ({ property }) => property.name),
  { name: 'value', type: { kind: 'sql_variant' }, isNullable: true, read: ({ property }) => property.value },
]);
