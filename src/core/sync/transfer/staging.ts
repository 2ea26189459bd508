import { replicaTable, stagingSchema } from '../../offline/tracking/names.ts';
import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import { stagingType, type TravellingColumn } from './columns.ts';

/**
 * The table of the destination in which the rows of a table lie before they are applied. A real one, because several
 * sessions fill the tables of a scope and another one applies them: a temporary table is its own session's, a global
 * one dies with the session that made it. `sourceId` is the local id of the sender in the destination: registers that
 * send to one store at the same time do not meet.
 */
export const stagingTable = (sourceId: number, table: string): string =>
  quoteNames(stagingSchema, `r${sourceId}_${table}`);

/** For a session that is to load: it may have been told before to keep the number of rows to itself. */
export const countingRows = 'SET NOCOUNT OFF;';

/** Makes the staging table anew, for a load to follow; what a killed run left under its name goes. */
export function createStaging(staging: string, columns: readonly TravellingColumn[]): string {
  const declared = columns.map((column) => `${quoteName(column.name)} ${stagingType(column)} NULL`);
  return `${countingRows} ${dropTable(staging)}
CREATE TABLE ${staging} ([storedb_gone] bit NOT NULL, ${declared.join(', ')});`;
}

function dropTable(staging: string): string {
  const name = staging.startsWith('#') ? `tempdb..${staging}` : staging;
  return `IF OBJECT_ID(${quoteString(name)}) IS NOT NULL DROP TABLE ${staging};`;
}

/**
 * Drops all staging tables of a sender, and those of senders that are no longer known here. To be called when a window
 * has ended and before the first one of a run, whose lock keeps other runs of the same sender away.
 */
export async function dropStaging(session: SqlSession, sourceId: number, signal: AbortSignal): Promise<void> {
  const found = await session.query<{ name: string }>(
    `SELECT t.name AS name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE LOWER(s.name) = N'${stagingSchema}' AND (t.name LIKE N'r${sourceId}[_]%' OR NOT EXISTS (
  SELECT 1 FROM ${replicaTable} AS p WHERE p.RetiredUtc IS NULL AND t.name LIKE N'r' + CAST(p.LocalId AS nvarchar(12)) + N'[_]%'))`,
    {},
    signal,
  );
  if (found.length === 0) return;
  await session.batch(found.map(({ name }) => dropTable(quoteNames(stagingSchema, name))).join('\n'), signal);
}
