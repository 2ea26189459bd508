import { only } from '../../plan/detect/ask.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { Rules } from '../rules.ts';
import { stageRows } from '../transfer/stage-rows.ts';
import { stagingTable } from '../transfer/staging.ts';
import { borrowed } from './borrowed.ts';
import { changesQuery } from './enumerate.ts';
import type { Work } from './find-work.ts';
import type { WindowOrder, WindowProgress } from './order.ts';
import { allowsSnapshot, inSnapshot, leaveSnapshot } from './snapshot.ts';
import type { StagedTable } from './staged-table.ts';
import { stageAbsentRows, takeKnownOut } from './write-rows.ts';

/** A staged table, and how many rows it has. */
export type Staged = { readonly table: StagedTable; readonly rows: number };

/** Reads what is to be brought of a table into its staging table, over a session of each side. */
export async function stageTable(
  { table, reading, retries }: Work,
  order: WindowOrder,
  rules: Rules,
  tell: (step: WindowProgress) => void,
  signal: AbortSignal,
): Promise<Staged> {
  const { columns, anchor, trackingId, schemaHash, opposite, to } = table;
  const staging = stagingTable(order.sourceId, to.name);
  const isWhole = table.whole !== undefined;
  const staged = { shape: to, columns, staging, anchor, trackingId, schemaHash, opposite, isWhole };
  const result: StagedTable = { ...staged, retried: retries.ids };
  const onRows = (done: number) => tell({ table: to.name, done, total: 0 });
  return await borrowed(order.source, signal, async (reader) =>
    borrowed(order.destination, signal, async (writer) => {
      const query = changesQuery(reading, rules);
      const rows = await asOfOneMoment(reader, query, signal, (text) =>
        stageRows({ reader, writer, query: text, staging, columns, onRows }, signal),
      );
      if (table.onlyMissing) {
        const { known } = only(await writer.query<{ known: number }>(takeKnownOut(result), {}, signal));
        return { table: result, rows: rows - known };
      }
      if (!isWhole || order.direction !== 'download') return { table: result, rows };
      const { absent } = only(await writer.query<{ absent: number }>(stageAbsentRows(result), {}, signal));
      return { table: result, rows: rows + absent };
    }),
  );
}

async function asOfOneMoment<Result>(
  reader: DriverSession,
  query: string,
  signal: AbortSignal,
  read: (text: string) => Promise<Result>,
): Promise<Result> {
  if (!(await allowsSnapshot(reader, signal))) return await read(query);
  try {
    return await read(inSnapshot(query));
  } catch (error) {
    await leaveSnapshot(reader);
    throw error;
  }
}
