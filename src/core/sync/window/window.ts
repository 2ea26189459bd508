import { ExpectedError } from '../../errors.ts';
import { readTableShapes } from '../../offline/tables/read-table-shapes.ts';
import type { TableShape } from '../../offline/tables/table-shape.ts';
import { anchorTable, clearOrigin, syncTableTable } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { type Rules, soundRules } from '../rules.ts';
import { commonColumns } from '../transfer/columns.ts';
import { nativesOf } from '../transfer/natives.ts';
import { stageRows } from '../transfer/stage-rows.ts';
import { applyStatement, type StagedTable } from './apply.ts';
import { changesQuery, type RowVersion, readUpper } from './enumerate.ts';

/** One scope in one direction, from one database to another. */
export type WindowOrder = {
  readonly source: DriverSession;
  /** A session of its own: it gets temporary tables, and CONTEXT_INFO for the time of the transaction. */
  readonly destination: DriverSession;
  readonly scope: string;
  readonly tables: readonly string[];
  readonly direction: 'download' | 'upload';
  /** The source's local id in the destination, and the destination's in the source (storedb.Replica). */
  readonly sourceId: number;
  readonly destinationId: number;
  readonly runId: string;
};

/** `rows` = applied or already there + parked. */
export type WindowResult = { readonly rows: number; readonly parked: number };

/**
 * Brings what changed since the last window, all of it or nothing: whatever breaks, the same call afterwards does the
 * rest, and once more nothing. A table without an anchor, or one whose tracking had a gap, is compared as a whole.
 * Does not notice a restored source, and knows no bidirectional scopes; the caller must not give it any.
 */
export async function transferWindow(
  order: WindowOrder,
  signal: AbortSignal,
  rules: Rules = soundRules,
): Promise<WindowResult> {
  const { source, destination, destinationId } = order;
  // Before everything else: what is read afterwards may be newer, never older.
  const upper = await readUpper(source, rules, signal);
  const tables = await openTables(order, signal);
  const staged: StagedTable[] = [];
  let rows = 0;
  for (const [index, { shape, from, ...table }] of tables.entries()) {
    if (!table.isWhole && table.anchor !== undefined && table.anchor > upper)
      throw sourceRestored(shape.name);
    const window = { after: table.isWhole ? undefined : table.anchor, upper, peerId: destinationId };
    const query = changesQuery(from, table.columns, window, rules);
    const staging = `#storedb_${index}`;
    const { columns } = table;
    rows += await stageRows({ reader: source, writer: destination, query, staging, columns }, signal);
    staged.push({ shape, staging, ...table });
  }
  try {
    const [first] = await destination.query<{ parked: number }>(
      applyStatement({ ...order, tables: staged, upper }, rules),
      {},
      signal,
    );
    return { rows, parked: first?.parked ?? 0 };
  } catch (error) {
    // A rollback leaves CONTEXT_INFO as it is.
    if (!destination.isLost) await destination.batch(clearOrigin);
    throw error;
  }
}

type OpenTable = Omit<StagedTable, 'staging'> & { readonly from: TableShape };

async function openTables(order: WindowOrder, signal: AbortSignal): Promise<readonly OpenTable[]> {
  const { source, destination, sourceId } = order;
  const [from, to] = [await readTableShapes(source, signal), await readTableShapes(destination, signal)];
  const tracking = await source.query<{ name: string; trackingId: string }>(
    `SELECT TableName AS name, CAST(TrackingId AS varchar(36)) AS trackingId FROM ${syncTableTable}`,
    {},
    signal,
  );
  const anchors = await destination.query<{ name: string; at: string; trackingId: string }>(
    `SELECT TableName AS name, CAST(CAST(Timestamp AS bigint) AS varchar(20)) AS at,
  CAST(TrackingId AS varchar(36)) AS trackingId FROM ${anchorTable} WHERE PeerId = @sourceId`,
    { sourceId },
    signal,
  );
  const natives = await nativesOf(destination, signal);
  return order.tables.map((name): OpenTable => {
    const [there, here] = [from.get(fold(name)), to.get(fold(name))];
    const tracked = tracking.find((each) => fold(each.name) === fold(name));
    if (there === undefined || here === undefined || tracked === undefined)
      throw refused(name, 'is not tracked on both sides', 'Run storedb apply for the register again.');
    const columns = commonColumns(there, here, natives);
    refuseColumns(name, here, columns);
    const anchor = anchors.find((each) => fold(each.name) === fold(name));
    return {
      shape: here,
      from: there,
      columns,
      anchor: anchor === undefined ? undefined : anchorOf(anchor.at),
      isWhole: anchor === undefined || fold(anchor.trackingId) !== fold(tracked.trackingId),
      trackingId: tracked.trackingId,
    };
  });
}

const anchorOf = (text: string): RowVersion => BigInt(text);

function refuseColumns(name: string, { primaryKey }: TableShape, columns: StagedTable['columns']): void {
  const strange = columns.find((column) => column.passage === undefined);
  if (strange !== undefined)
    throw refused(
      name,
      `has the column ${strange.name} of type ${strange.type}, which is not synchronised`,
      'Take the table out of the scope, or give the column another type.',
    );
  if (primaryKey.length === 0 || primaryKey.some((key) => !columns.some((column) => column.name === key)))
    throw refused(
      name,
      'has another primary key on the other side',
      'Bring both to the same version of the schema.',
    );
}

const refused = (table: string, what: string, hint: string): ExpectedError =>
  new ExpectedError({
    code: 'table-not-synchronisable',
    exit: 'prerequisite',
    message: `The table ${table} ${what}.`,
    hint,
    details: { table },
  });

/** Its rowversions begin again below what was already taken: going on would skip rows for ever. */
const sourceRestored = (table: string): ExpectedError =>
  new ExpectedError({
    code: 'source-restored',
    exit: 'prerequisite',
    message: `The other database stands before what was already taken from ${table}: it was restored from a backup.`,
    hint: 'Have the whole table compared: delete its row in storedb.Anchor of the database that receives.',
    details: { table },
  });
