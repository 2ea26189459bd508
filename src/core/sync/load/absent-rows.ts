import { only } from '../../plan/detect/ask.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { outgoing } from '../transfer/columns.ts';
import { stageRows } from '../transfer/stage-rows.ts';
import type { OpenTable } from '../window/open-tables.ts';
import { baseOf, keyOf, type StagedTable } from '../window/staged-table.ts';
import { stageAbsentRows } from '../window/write-rows.ts';
import type { LoadPorts } from './load.ts';
import { everyRow } from './source-rows.ts';
import { deleteStaged } from './write-range.ts';

/** What is here and not at the source goes, in one transaction with the anchor. */
export async function deleteAbsent(
  { reader, writer, asRead }: LoadPorts,
  source: OpenTable,
  table: StagedTable,
  commit: string,
  signal: AbortSignal,
): Promise<void> {
  const columns = keyOf(table);
  const keys = { ...table, columns };
  const query = `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} ${everyRow(source)}`;
  await stageRows({ reader, writer, query: asRead(query), staging: keys.staging, columns }, signal);
  await writer.query(stageAbsentRows(keys), {}, signal);
  await deleteStaged(writer, keys, commit, signal);
}

export async function countRows(
  writer: DriverSession,
  table: StagedTable,
  signal: AbortSignal,
): Promise<number> {
  const count = `SELECT CAST(COUNT_BIG(*) AS varchar(20)) AS total FROM ${baseOf(table)}`;
  return Number(only(await writer.query<{ total: string }>(count, {}, signal)).total);
}
