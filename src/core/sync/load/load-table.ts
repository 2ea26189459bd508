import { trackingTriggerName } from '../../offline/tracking/names.ts';
import { fold, only } from '../../plan/detect/ask.ts';
import { SqlFailure } from '../../sql/failures.ts';
import { quoteString } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { outgoing } from '../transfer/columns.ts';
import { nativesOf } from '../transfer/natives.ts';
import { stageRows } from '../transfer/stage-rows.ts';
import { stagingTable } from '../transfer/staging.ts';
import { type OpenTable, openTable } from '../window/open-tables.ts';
import type { WindowOrder, WindowProgress, WindowTable } from '../window/order.ts';
import { allowsSnapshot, inSnapshot, leaveSnapshot } from '../window/snapshot.ts';
import { baseOf, keyOf, type StagedTable } from '../window/staged-table.ts';
import { isTransient } from '../window/transient.ts';
import { stageAbsentRows } from '../window/write-rows.ts';
import { firstAnchor, type LoadAnchor, moveAndCommit } from './load-anchor.ts';
import { isSpelled, keyAsText, keyFromText, type ResumeKey } from './resume-key.ts';
import { SourceRows } from './source-rows.ts';
import {
  deleteStaged,
  inTransaction,
  isPassedOn,
  type RangeOrder,
  writeDirectly,
  writeStaged,
} from './write-range.ts';

/** A session of each side, for the time of one table; and how many rows make a range. */
export type LoadSessions = {
  readonly reader: DriverSession;
  readonly writer: DriverSession;
  readonly rowsOfRange: number;
};

export type TableLoad = {
  readonly rows: number;
  /** false = the atomic window has to take the whole table: it parks rows that are refused. */
  readonly isLoaded: boolean;
};

/**
 * The first load of a table, range of keys by range of keys. Each range and the anchor with the key that it has come to
 * are one transaction, so a load that was killed goes on behind the last range. The bound was read before the first
 * row: what changes meanwhile comes again with the next window. At the end what the source has not is deleted here, and
 * the anchor is `incremental`.
 *
 * Rows go straight into the table while that is possible and goes well, else through the staging table.
 */
export async function* loadTable(
  order: WindowOrder,
  table: WindowTable,
  sessions: LoadSessions,
  signal: AbortSignal,
): AsyncGenerator<WindowProgress, TableLoad> {
  const opened = openTable(table, await nativesOf(sessions.writer, signal));
  if (!('columns' in opened) || !canBeRanged(opened)) return { rows: 0, isLoaded: false };
  const isOfOneMoment = await allowsSnapshot(sessions.reader, signal);
  const asRead = isOfOneMoment ? inSnapshot : (query: string) => query;
  const load = new Load(order, opened, sessions, asRead, signal);
  try {
    yield* load.run();
    return { rows: load.rows, isLoaded: true };
  } catch (error) {
    if (isOfOneMoment) await leaveSnapshot(sessions.reader);
    if (!(error instanceof SqlFailure) || isTransient(error)) throw error;
    await load.leave();
    return { rows: load.rows, isLoaded: false };
  }
}

function canBeRanged({ to, columns }: OpenTable): boolean {
  const key = keyOf({ shape: to, columns });
  return key.every((column) => isSpelled(column) && !column.isIdentity);
}

class Load {
  readonly #order: WindowOrder;
  readonly #table: OpenTable;
  readonly #staged: StagedTable;
  readonly #sessions: LoadSessions;
  readonly #source: SourceRows;
  readonly #asRead: RangeOrder['asRead'];
  readonly #signal: AbortSignal;
  /** What stands in the destination. */
  #anchor: LoadAnchor | undefined;
  /** Whether this run has seen the table empty and has written every row of it since. */
  #isOurs = false;
  #isDirect = false;
  rows = 0;

  constructor(
    order: WindowOrder,
    table: OpenTable,
    sessions: LoadSessions,
    asRead: RangeOrder['asRead'],
    signal: AbortSignal,
  ) {
    this.#asRead = asRead;
    const { columns, anchor, trackingId, schemaHash, to: shape, opposite } = table;
    const staging = stagingTable(order.sourceId, shape.name);
    const what = { shape, columns, staging, isWhole: true, retried: [] };
    this.#staged = { ...what, anchor, trackingId, schemaHash, opposite };
    this.#source = new SourceRows(sessions.reader, table, asRead, signal);
    this.#order = order;
    this.#table = table;
    this.#sessions = sessions;
    this.#signal = signal;
    this.#anchor = anchor;
  }

  async *run(): AsyncGenerator<WindowProgress> {
    let { after, anchor } = this.#start();
    const total = await this.#source.expected();
    await this.#chooseWay(after === undefined);
    for (;;) {
      const upTo = await this.#source.boundary(after, this.#sessions.rowsOfRange);
      if (upTo === undefined) break;
      anchor = { ...anchor, resumeKey: keyAsText(upTo) };
      await this.#range(this.#source.between(after, upTo), anchor);
      after = upTo;
      yield { table: this.#table.to.name, done: this.rows, total: Math.max(this.rows, total) };
    }
    await this.#finish({ ...anchor, state: 'incremental', resumeKey: undefined });
  }

  /** The whole table is the window's from now on. */
  async leave(): Promise<void> {
    const anchor = this.#anchor ?? firstAnchor(this.#order.upper, this.#table);
    await this.#commit({ ...anchor, state: 'compare', resumeKey: undefined });
  }

  /** From where an interrupted load had come, if what it had found still holds; else from the beginning. */
  #start(): { readonly after: ResumeKey | undefined; readonly anchor: LoadAnchor } {
    const { anchor, trackingId, schemaHash, cleanedUpTo } = this.#table;
    const goesOn =
      anchor?.state === 'initial' &&
      fold(anchor.trackingId) === fold(trackingId) &&
      anchor.schemaHash === schemaHash &&
      anchor.timestamp >= cleanedUpTo;
    const after = goesOn ? keyFromText(anchor.resumeKey, keyOf(this.#staged).length) : undefined;
    return after === undefined || anchor === undefined
      ? { after: undefined, anchor: firstAnchor(this.#order.upper, this.#table) }
      : { after, anchor };
  }

  /**
   * A load without triggers needs ALTER on the table, which the account of every day has not; other triggers than ours
   * have work to do; and a table that has rows would refuse most ranges.
   */
  async #chooseWay(isBeginning: boolean): Promise<void> {
    const base = baseOf(this.#staged);
    const trigger = quoteString(fold(trackingTriggerName(this.#table.to.name)));
    const { may, triggers, filled } = only(
      await this.#sessions.writer.query<{ may: number; triggers: number; filled: number }>(
        `SELECT HAS_PERMS_BY_NAME(${quoteString(base)}, 'OBJECT', 'ALTER') AS may,
  (SELECT COUNT(*) FROM sys.triggers WHERE parent_id = OBJECT_ID(${quoteString(base)}) AND is_disabled = 0 AND LOWER(name) <> ${trigger}) AS triggers,
  CASE WHEN EXISTS (SELECT 1 FROM ${base}) THEN 1 ELSE 0 END AS filled`,
        {},
        this.#signal,
      ),
    );
    this.#isOurs = isBeginning && filled === 0;
    // Behind the last range of an interrupted load nothing is expected either.
    this.#isDirect =
      isPassedOn(this.#staged) && may === 1 && triggers === 0 && (this.#isOurs || !isBeginning);
  }

  async #range(rows: string, anchor: LoadAnchor): Promise<void> {
    const { reader, writer } = this.#sessions;
    const common = { reader, writer, rows, asRead: this.#asRead };
    this.rows += await this.#written({ ...common, table: this.#staged, commit: this.#moveTo(anchor) });
    this.#anchor = anchor;
  }

  async #written(range: RangeOrder): Promise<number> {
    if (!this.#isDirect) return await writeStaged(range, this.#signal);
    try {
      return await writeDirectly(range, this.#signal);
    } catch (error) {
      if (!(error instanceof SqlFailure) || isTransient(error)) throw error;
      // Somebody else's row has one of the keys, for example; the other way minds them.
      this.#isDirect = false;
      this.#isOurs = false;
      return await writeStaged(range, this.#signal);
    }
  }

  /** What is here and not there goes. */
  async #finish(anchor: LoadAnchor): Promise<void> {
    if (this.#isOurs && (await this.#hasOnlyLoadedRows())) return await this.#commit(anchor);
    const { reader, writer } = this.#sessions;
    const columns = keyOf(this.#staged);
    const keys = { ...this.#staged, columns };
    const query = `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} ${this.#source.between(undefined, undefined)}`;
    const order = { reader, writer, query: this.#asRead(query), staging: keys.staging, columns };
    await stageRows(order, this.#signal);
    await writer.query(stageAbsentRows(keys), {}, this.#signal);
    await deleteStaged(writer, keys, this.#moveTo(anchor), this.#signal);
  }

  async #hasOnlyLoadedRows(): Promise<boolean> {
    const count = `SELECT CAST(COUNT_BIG(*) AS varchar(20)) AS total FROM ${baseOf(this.#staged)}`;
    const { total } = only(await this.#sessions.writer.query<{ total: string }>(count, {}, this.#signal));
    return Number(total) === this.rows;
  }

  readonly #commit = (anchor: LoadAnchor): Promise<void> =>
    inTransaction(this.#sessions.writer, this.#moveTo(anchor), this.#table.to.name, this.#signal);

  readonly #moveTo = (to: LoadAnchor): string =>
    moveAndCommit({ sourceId: this.#order.sourceId, table: this.#table.to.name, from: this.#anchor, to });
}
