import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { TravellingColumn } from '../transfer/columns.ts';
import type { OpenTable } from '../window/open-tables.ts';
import { keyOf } from '../window/staged-table.ts';
import { isAfter, isUpTo, type ResumeKey, spelling } from './resume-key.ts';

/** The table at the source, asked for its rows in the order of its key. */
export class SourceRows {
  readonly #reader: DriverSession;
  readonly #table: OpenTable;
  readonly #key: readonly TravellingColumn[];
  readonly #asRead: (query: string) => string;
  readonly #signal: AbortSignal;

  constructor(
    reader: DriverSession,
    table: OpenTable,
    asRead: (query: string) => string,
    signal: AbortSignal,
  ) {
    this.#asRead = asRead;
    this.#reader = reader;
    this.#table = table;
    this.#key = keyOf({ shape: table.to, columns: table.columns });
    this.#signal = signal;
  }

  /** As far as the catalog knows; 0 = it does not. */
  async expected(): Promise<number> {
    const { schema, name } = this.#table.from;
    const [found] = await this.#reader.query<{ total: string | null }>(
      `SELECT CAST(SUM(rows) AS varchar(20)) AS total FROM sys.partitions
WHERE index_id IN (0, 1) AND object_id = OBJECT_ID(${quoteString(quoteNames(schema, name))})`,
      {},
      this.#signal,
    );
    return Number(found?.total ?? 0);
  }

  /** The key of the last of the next `size` rows after this one; undefined = there are no more. */
  async boundary(after: ResumeKey | undefined, size: number): Promise<ResumeKey | undefined> {
    const names = this.#key.map((_, index) => `k${index}`);
    const columns = this.#key.map(({ from }, index) => `b.${quoteName(from.name)} AS k${index}`);
    const spelled = this.#key.map((column, index) => {
      const from = { ...column.from, name: `k${index}` };
      return `${spelling({ ...column, from }, 'r')} AS k${index}`;
    });
    const [row] = await this.#reader.query<Readonly<Record<string, string>>>(
      this.#asRead(`SELECT TOP (1) ${spelled.join(', ')} FROM (
  SELECT TOP (${size}) ${columns.join(', ')} ${this.between(after, undefined)} ORDER BY ${names.join(', ')}) AS r
ORDER BY ${names.map((each) => `r.${each} DESC`).join(', ')}`),
      {},
      this.#signal,
    );
    return row === undefined ? undefined : names.map((name) => String(row[name]));
  }

  /** FROM and WHERE of the rows after one key up to another, over the alias b. */
  between(after: ResumeKey | undefined, upTo: ResumeKey | undefined): string {
    const bounds = [
      ...(after === undefined ? [] : [isAfter(this.#key, after, 'b')]),
      ...(upTo === undefined ? [] : [isUpTo(this.#key, upTo, 'b')]),
    ];
    const { schema, name } = this.#table.from;
    const where = bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
    return `FROM ${quoteNames(schema, name)} AS b${where}`;
  }
}
