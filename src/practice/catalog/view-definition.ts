/** Describing a system view: a list of columns, each with how to read it from a thing of the model. */

import type { Runtime, SystemView } from '../engine/extension.ts';
import type { Database } from '../engine/model.ts';
import type { ResultColumn, Row, SqlType, Value } from '../engine/types.ts';

/** A column of a view over things of type `Entity`. */
export type CatalogColumn<Entity> = ResultColumn & { readonly read: (entity: Entity) => Value };

/** The collation of names in the catalog. */
const CATALOG_COLLATION = 'SQL_Latin1_General_CP1_CI_AS';

const maker =
  (type: SqlType) =>
  <Entity>(name: string, read: (entity: Entity) => Value): CatalogColumn<Entity> => ({
    name,
    type,
    isNullable: false,
    read,
  });

const text = (kind: 'char' | 'varchar' | 'nvarchar', length: number | 'max'): SqlType => ({
  kind,
  length,
  collation: CATALOG_COLLATION,
});

export const bit = maker({ kind: 'bit' });
export const tinyint = maker({ kind: 'tinyint' });
export const smallint = maker({ kind: 'smallint' });
export const int = maker({ kind: 'int' });
export const bigint = maker({ kind: 'bigint' });
export const datetime = maker({ kind: 'datetime' });
export const sysname = maker(text('nvarchar', 128));
/** The type of the `_desc` columns. */
export const description = maker(text('nvarchar', 60));
export const definition = maker(text('nvarchar', 'max'));
export const uniqueidentifier = maker({ kind: 'uniqueidentifier' });
export const variant = maker({ kind: 'sql_variant' });
export const char = <Entity>(name: string, length: number, read: (entity: Entity) => string | null) =>
  maker(text('char', length))<Entity>(name, (entity) => read(entity)?.padEnd(length) ?? null);
export const varchar = <Entity>(name: string, length: number, read: (entity: Entity) => Value) =>
  maker(text('varchar', length))(name, read);
export const nvarchar = <Entity>(name: string, length: number | 'max', read: (entity: Entity) => Value) =>
  maker(text('nvarchar', length))(name, read);
export const varbinary = <Entity>(name: string, length: number | 'max', read: (entity: Entity) => Value) =>
  maker({ kind: 'varbinary', length })(name, read);
export const binary = <Entity>(name: string, length: number, read: (entity: Entity) => Value) =>
  maker({ kind: 'binary', length })(name, read);

/** The same column, NULL where there is nothing to say. */
export const orNull = <Entity>(column: CatalogColumn<Entity>): CatalogColumn<Entity> => ({
  ...column,
  isNullable: true,
});

/** Columns that are the same for everything, as `name=0 other=1`, of one type. */
export const constants = <Entity>(
  make: (name: string, read: (entity: Entity) => Value) => CatalogColumn<Entity>,
  list: string,
): readonly CatalogColumn<Entity>[] =>
  list.split(' ').map((pair) => {
    const [name = '', written = '0'] = pair.split('=');
    const { type } = make(name, () => null);
    const value =
      written === 'null'
        ? null
        : type.kind === 'bit'
          ? written === '1'
          : type.kind === 'bigint'
            ? BigInt(written)
            : Number(written);
    const column = make(name, () => value);
    return value === null ? orNull(column) : column;
  });

type Source<Entity> = (runtime: Runtime, database: Database, values: readonly Value[]) => Iterable<Entity>;

/** A view by its full name, `sys.tables`; call the result with its columns. With `parameters` it is a function of so many arguments. */
export const defineView =
  <Entity>(fullName: string, entities: Source<Entity>, parameters?: number) =>
  (columns: readonly CatalogColumn<Entity>[]): SystemView => {
    const [schema = '', name = ''] = fullName.split('.');
    const readers = columns.map((column) => column.read);
    return {
      schema: schema.toLowerCase(),
      name,
      columns: columns.map(({ name: columnName, type, isNullable }) => ({
        name: columnName,
        type,
        isNullable,
      })),
      ...(parameters === undefined ? {} : { parameters }),
      *rows(runtime, database, values): Generator<Row> {
        for (const entity of entities(runtime, database, values)) yield readers.map((read) => read(entity));
      },
    };
  };

const FIRST_DAY = Date.UTC(1900, 0, 1);

/** A datetime of the server's local time: 1/300 s since 1900. */
export const datetimeOf = (date: Date): number =>
  Math.round(((date.getTime() - date.getTimezoneOffset() * 60_000 - FIRST_DAY) * 3) / 10);

/** A sql_variant that holds text, as most properties are. */
export const variantText = (value: string): Value => ({ type: { kind: 'nvarchar', length: 128 }, value });
export const variantInt = (value: number): Value => ({ type: { kind: 'int' }, value });
