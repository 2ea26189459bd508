import { SqlFailure } from '../../sql/failures.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { outgoing } from '../transfer/columns.ts';
import type { Natives } from '../transfer/natives.ts';
import { type RowBatch, type RowFlow, type Way, withRows } from '../transfer/pass-rows.ts';
import { plainRows } from '../transfer/plain-rows.ts';
import { rawRows } from '../transfer/raw/raw-rows.ts';
import { stagingTarget } from '../transfer/stage-rows.ts';
import { stagingTable } from '../transfer/staging.ts';
import type { OpenTable } from '../window/open-tables.ts';
import type { WindowOrder, WindowProgress } from '../window/order.ts';
import { keyOf, type StagedTable } from '../window/staged-table.ts';
import { isTransient } from '../window/transient.ts';
import { countRows, deleteAbsent } from './absent-rows.ts';
import { directTarget, findTable, isPassedOn, type TableFound } from './direct-way.ts';
import { firstAnchor, type LoadAnchor, moveAndCommit, stillHolds } from './load-anchor.ts';
import { rangesOf } from './ranges.ts';
import { keyAsText, keyFromText, type ResumeKey } from './resume-key.ts';
import { expectedRows, rowsBehind } from './source-rows.ts';
import { inTransaction, type RangeOrder, writeDirectly, writeStaged } from './write-range.ts';

/** A session of each side, for the time of one table. */
export type LoadPorts = {
  readonly reader: DriverSession;
  readonly writer: DriverSession;
  readonly rowsOfRange: number;
  /** What goes around a query of the source. */
  readonly asRead: (query: string) => string;
  readonly tell: (step: WindowProgress) => void;
};

/** The load of one table under way; see `loadTable`. */
export class Load {
  readonly #order: WindowOrder;
  readonly #table: OpenTable;
  readonly #natives: Natives;
  readonly #staged: StagedTable;
  readonly #ports: LoadPorts;
  readonly #signal: AbortSignal;
  /** What stands in the destination. */
  #anchor: LoadAnchor | undefined;
  /** The same, or of a load that begins what will stand there. */
  #reached: LoadAnchor;
  /** Whether this run has seen the table empty and has written every row of it since. */
  #isOurs = false;
  #total = 0;
  rows = 0;

  constructor(order: WindowOrder, table: OpenTable, natives: Natives, ports: LoadPorts, signal: AbortSignal) {
    const { columns, anchor, trackingId, schemaHash, to: shape, opposite } = table;
    const staging = stagingTable(order.sourceId, shape.name);
    const what = { shape, columns, staging, isWhole: true, retried: [] };
    this.#staged = { ...what, anchor, trackingId, schemaHash, opposite };
    this.#order = order;
    this.#table = table;
    this.#natives = natives;
    this.#ports = ports;
    this.#signal = signal;
    this.#anchor = anchor;
    const goesOn = stillHolds(anchor, table) && this.#keyIn(anchor) !== undefined;
    this.#reached = goesOn ? anchor : firstAnchor(order.upper, table);
  }

  async run(): Promise<void> {
    const { reader, writer, rowsOfRange } = this.#ports;
    this.#total = await expectedRows(reader, this.#table, this.#signal);
    const found = await findTable(writer, this.#staged, this.#signal);
    if (this.#mayGoDirectly(found)) {
      const way = rawRows(directTarget(this.#staged, found), rowsOfRange);
      await this.#orElseStaged(this.#pass(way, [], writeDirectly));
    } else await this.#passStaged();
    await this.#finish();
  }

  /** The whole table is the window's from now on. */
  async leave(): Promise<void> {
    const anchor = this.#anchor ?? this.#reached;
    await this.#commit({ ...anchor, state: 'compare', resumeKey: undefined });
  }

  #keyIn({ resumeKey }: LoadAnchor): ResumeKey | undefined {
    return keyFromText(resumeKey, keyOf(this.#staged).length);
  }

  /**
   * Other triggers than ours have work to do, and not every engine fires them for a bulk load; a table that has rows
   * would refuse most ranges. Behind the last range of an interrupted load nothing is expected.
   */
  #mayGoDirectly({ isEmpty, hasTriggers }: TableFound): boolean {
    const isBeginning = this.#keyIn(this.#reached) === undefined;
    this.#isOurs = isBeginning && isEmpty;
    return isPassedOn(this.#staged, this.#natives) && !hasTriggers && (isEmpty || !isBeginning);
  }

  /** Somebody else's row has one of the keys, for example; the other way minds them. */
  async #orElseStaged(direct: Promise<void>): Promise<void> {
    try {
      await direct;
    } catch (error) {
      if (!(error instanceof SqlFailure) || isTransient(error)) throw error;
      this.#isOurs = false;
      await this.#passStaged();
    }
  }

  async #passStaged(): Promise<void> {
    const { staging, columns } = this.#staged;
    const here = ['CAST(0 AS bit)'];
    if (this.#natives.way === 'plain')
      return await this.#pass(plainRows(staging, columns), here, writeStaged);
    const way = rawRows(stagingTarget(staging, columns), this.#ports.rowsOfRange);
    await this.#pass(way, here, writeStaged);
  }

  /** Reads what is not there yet and writes it, range by range. */
  async #pass<Batch extends RowBatch>(
    way: Way<Batch>,
    lead: readonly string[],
    write: (order: RangeOrder, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { reader, writer, rowsOfRange, asRead, tell } = this.#ports;
    const table = this.#staged;
    const values = [...lead, ...table.columns.map((column) => outgoing(column, 'b'))].join(', ');
    const query = asRead(`SELECT ${values} ${rowsBehind(this.#table, this.#keyIn(this.#reached))}`);
    const keyPlaces = keyOf(table).map((column) => lead.length + table.columns.indexOf(column));
    const writeAll = async (flow: RowFlow<Batch>): Promise<void> => {
      for await (const range of rangesOf(flow, way, { rowsOfRange, keyPlaces })) {
        const reached = () => ({ ...this.#reached, ...(range.key && { resumeKey: keyAsText(range.key) }) });
        await write({ writer, table, range, commit: () => this.#moveTo(reached()) }, this.#signal);
        this.#anchor = this.#reached = reached();
        this.rows += range.rows;
        tell({ table: table.shape.name, done: this.rows, total: Math.max(this.rows, this.#total) });
      }
    };
    await withRows({ reader, query }, way, writeAll, this.#signal);
  }

  /** What is here and not there goes. */
  async #finish(): Promise<void> {
    const anchor: LoadAnchor = { ...this.#reached, state: 'incremental', resumeKey: undefined };
    if (this.#isOurs && (await countRows(this.#ports.writer, this.#staged, this.#signal)) === this.rows)
      return await this.#commit(anchor);
    await deleteAbsent(this.#ports, this.#table, this.#staged, this.#moveTo(anchor), this.#signal);
  }

  readonly #commit = (anchor: LoadAnchor): Promise<void> =>
    inTransaction(this.#ports.writer, this.#moveTo(anchor), this.#table.to.name, this.#signal);

  readonly #moveTo = (to: LoadAnchor): string =>
    moveAndCommit({ sourceId: this.#order.sourceId, table: this.#table.to.name, from: this.#anchor, to });
}
