/** How INFORMATION_SCHEMA describes a type: lengths, precisions, character set and collation. */

import type { SqlType } from '../../engine/types.ts';
import { catalogName, facetsOf, isCharacterType } from '../system-types.ts';
import {
  type CatalogColumn,
  constants,
  int,
  nvarchar,
  orNull,
  smallint,
  sysname,
  tinyint,
} from '../view-definition.ts';

const isExact = ({ kind }: SqlType): boolean =>
  ['tinyint', 'smallint', 'int', 'bigint', 'numeric', 'decimal', 'money', 'smallmoney'].includes(kind);
const isDate = ({ kind }: SqlType): boolean =>
  ['date', 'time', 'datetime', 'smalldatetime', 'datetime2', 'datetimeoffset'].includes(kind);
const isBinaryKind = ({ kind }: SqlType): boolean =>
  ['binary', 'varbinary', 'image', 'rowversion'].includes(kind);
const isApproximateKind = ({ kind }: SqlType): boolean => kind === 'float' || kind === 'real';

/** Characters of a character type, bytes of a binary one; -1 for max, the whole range for the old large types. */
function characterLength(type: SqlType): number | null {
  if (type.kind === 'text' || type.kind === 'image') return 2_147_483_647;
  if (type.kind === 'ntext') return 1_073_741_823;
  if (type.kind === 'rowversion' || (!isCharacterType(type) && !isBinaryKind(type))) return null;
  return type.length === 'max' ? -1 : (type.length ?? 1);
}

function octetLength(type: SqlType): number | null {
  const length = characterLength(type);
  if (length === null || length === -1) return length;
  if (type.kind === 'ntext') return 2_147_483_646;
  return type.kind === 'nchar' || type.kind === 'nvarchar' ? length * 2 : length;
}

const datePrecision = (type: SqlType): number | null =>
  !isDate(type) ? null : type.kind === 'date' || type.kind === 'smalldatetime' ? 0 : facetsOf(type).scale;

/** The type columns that COLUMNS, ROUTINES and PARAMETERS share, after DATA_TYPE. */
export const typeColumns = <Entity>(
  typeOf: (entity: Entity) => SqlType | undefined,
  collationOf: (entity: Entity) => string,
): readonly CatalogColumn<Entity>[] => {
  const facet =
    <Result>(read: (type: SqlType) => Result) =>
    (entity: Entity): Result | null => {
      const type = typeOf(entity);
      return type === undefined ? null : read(type);
    };
  const isWide = (type: SqlType): boolean => type.kind.startsWith('n') && isCharacterType(type);
  return [
    orNull(nvarchar('DATA_TYPE', 128, facet(catalogName))),
    orNull(int('CHARACTER_MAXIMUM_LENGTH', facet(characterLength))),
    orNull(int('CHARACTER_OCTET_LENGTH', facet(octetLength))),
    orNull(
      tinyint(
        'NUMERIC_PRECISION',
        facet((type) => (isExact(type) || isApproximateKind(type) ? facetsOf(type).precision : null)),
      ),
    ),
    orNull(
      smallint(
        'NUMERIC_PRECISION_RADIX',
        facet((type) => (isExact(type) ? 10 : isApproximateKind(type) ? 2 : null)),
      ),
    ),
    orNull(
      int(
        'NUMERIC_SCALE',
        facet((type) => (isExact(type) ? facetsOf(type).scale : null)),
      ),
    ),
    orNull(smallint('DATETIME_PRECISION', facet(datePrecision))),
    ...constants<Entity>(sysname, 'CHARACTER_SET_CATALOG=null CHARACTER_SET_SCHEMA=null'),
    orNull(
      sysname(
        'CHARACTER_SET_NAME',
        facet((type) => (isCharacterType(type) ? (isWide(type) ? 'UNICODE' : 'iso_1') : null)),
      ),
    ),
    ...constants<Entity>(sysname, 'COLLATION_CATALOG=null COLLATION_SCHEMA=null'),
    orNull(
      sysname('COLLATION_NAME', (entity) => {
        const type = typeOf(entity);
        return type !== undefined && isCharacterType(type) ? (type.collation ?? collationOf(entity)) : null;
      }),
    ),
    ...constants<Entity>(sysname, 'DOMAIN_CATALOG=null DOMAIN_SCHEMA=null DOMAIN_NAME=null'),
  ];
};
