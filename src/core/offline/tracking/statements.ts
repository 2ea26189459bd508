import { createHash } from 'node:crypto';
import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { ColumnShape, TableShape } from '../tables/table-shape.ts';
import { typeWithCollation } from './column-type.ts';
import { contextMagic, trackingTableName, trackingTriggerName } from './names.ts';

export type TrackingStatements = {
  /** CREATE TABLE and CREATE INDEX. */
  readonly table: string;
  readonly index: string;
  /** CREATE TRIGGER, the first statement of its batch. */
  readonly trigger: string;
  /** SHA-256 of the trigger's text as `normalisedModule` makes it. */
  readonly triggerHash: string;
};

/** The columns that a tracking table has beside the key; the names of Sync Framework where the meaning is the same. */
export const trackingColumns = [
  // A change gets the next rowversion of the database: what synchronisation asks for. Never unique: on some engines
  // all rows of one transaction share a value.
  ['local_update_peer_timestamp', 'rowversion NOT NULL'],
  // NULL = changed here; else the local id (storedb.Replica) of the one it came from.
  ['update_scope_local_id', 'int NULL'],
  // A hint for whoever looks; the truth is whether the row is there when it is read.
  ['sync_row_is_tombstone', 'bit NOT NULL'],
  // UTC; ages tombstones and never orders anything.
  ['last_change_datetime', 'datetime NOT NULL'],
] as const;

/** The T-SQL that puts tracking beside a table. The table must have passed the validation of the profile. */
export function trackingStatements(shape: TableShape): TrackingStatements {
  const tracking = quoteNames(shape.schema, trackingTableName(shape.name));
  const key = keyColumns(shape);
  const trigger = triggerText(shape, key);
  return {
    table: [
      `CREATE TABLE ${tracking} (`,
      ...key.map((column) => `  ${quoteName(column.name)} ${typeWithCollation(column)} NOT NULL,`),
      ...trackingColumns.map(([name, type]) => `  ${quoteName(name)} ${type},`),
      `  CONSTRAINT ${quoteName(`PK_${trackingTableName(shape.name)}`)} PRIMARY KEY CLUSTERED (${list(key)})`,
      ');',
    ].join('\n'),
    index: `CREATE NONCLUSTERED INDEX ${quoteName(`IX_${trackingTableName(shape.name)}`)} ON ${tracking} ([local_update_peer_timestamp]) INCLUDE ([update_scope_local_id], [sync_row_is_tombstone]);`,
    trigger,
    triggerHash: hashOfModule(trigger),
  };
}

/** The columns of the primary key in its order. */
export function keyColumns({ columns, primaryKey }: TableShape): readonly ColumnShape[] {
  return primaryKey.flatMap((name) => columns.filter((column) => column.name === name));
}

/** A module's text without what a server may change in it: blanks, letter case outside names does not matter here. */
export function normalisedModule(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:create|alter)\s/i, 'CREATE ');
}

export function hashOfModule(text: string): string {
  return createHash('sha256').update(normalisedModule(text), 'utf8').digest('hex');
}

/**
 * One trigger for all three kinds of change. `changed` holds each key that the statement touched once, with whether a
 * row has it now: a changed key is one key gone and one come, a key that two rows swapped is there twice and present.
 * MERGE fires the trigger once for each kind of change with the rows of that kind; a row that a statement both deletes
 * and inserts ends up right in either order, because what decides is the table itself and not the order.
 *
 * FORCESEEK: a scan would wait for the rows that another till has written and not committed, and one till would hold
 * up the other. The keys are always whole, so there is always a seek.
 */
function triggerText(shape: TableShape, key: readonly ColumnShape[]): string {
  const base = quoteNames(shape.schema, shape.name);
  const tracking = quoteNames(shape.schema, trackingTableName(shape.name));
  const match = (left: string, right: string) =>
    key.map(({ name }) => `${left}.${quoteName(name)} = ${right}.${quoteName(name)}`).join(' AND ');
  return `CREATE TRIGGER ${quoteNames(shape.schema, trackingTriggerName(shape.name))} ON ${base} AFTER INSERT, UPDATE, DELETE AS
BEGIN
  -- Made by storedb. Writes down which rows changed, and for whom; never edit it, it is compared.
  SET NOCOUNT ON;
  IF NOT EXISTS (SELECT 1 FROM inserted) AND NOT EXISTS (SELECT 1 FROM deleted) RETURN;
  DECLARE @context varbinary(128), @origin int;
  SET @context = CONTEXT_INFO();
  IF SUBSTRING(@context, 1, 16) = ${contextMagic} AND CAST(SUBSTRING(@context, 21, 4) AS int) IN (0, OBJECT_ID(${quoteString(base)}))
    SET @origin = CAST(SUBSTRING(@context, 17, 4) AS int);
  IF @origin = -1 RETURN;
  UPDATE t
  SET [update_scope_local_id] = @origin,
    [sync_row_is_tombstone] = CASE WHEN EXISTS (SELECT 1 FROM ${base} AS b WITH (FORCESEEK) WHERE ${match('b', 't')}) THEN 0 ELSE 1 END,
    [last_change_datetime] = GETUTCDATE()
  FROM (SELECT ${list(key)} FROM inserted UNION SELECT ${list(key)} FROM deleted) AS changed
  JOIN ${tracking} AS t WITH (FORCESEEK) ON ${match('t', 'changed')};
  INSERT INTO ${tracking} (${list(key)}, [update_scope_local_id], [sync_row_is_tombstone], [last_change_datetime])
  SELECT ${list(key, 'changed')}, @origin, CASE WHEN EXISTS (SELECT 1 FROM ${base} AS b WITH (FORCESEEK) WHERE ${match('b', 'changed')}) THEN 0 ELSE 1 END, GETUTCDATE()
  FROM (SELECT ${list(key)} FROM inserted UNION SELECT ${list(key)} FROM deleted) AS changed
  WHERE NOT EXISTS (SELECT 1 FROM ${tracking} AS t WITH (FORCESEEK) WHERE ${match('t', 'changed')});
END;`;
}

function list(columns: readonly ColumnShape[], alias?: string): string {
  return columns
    .map(({ name }) => (alias === undefined ? quoteName(name) : `${alias}.${quoteName(name)}`))
    .join(', ');
}
