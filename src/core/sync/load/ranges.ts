import type { DriverSession } from '../../sql/mssql-session.ts';
import type { RowBatch, RowFlow, Way } from '../transfer/pass-rows.ts';
import type { ResumeKey } from './resume-key.ts';

/** Rows of an answer that become one transaction. */
export type Range = {
  /** Loads all of them in one bulk load; yields how many rows the server says it took. */
  readonly load: (writer: DriverSession) => Promise<number>;
  /** Known when they are loaded; the key is the last row's, undefined where the wire does not say it exactly. */
  readonly rows: number;
  readonly key: ResumeKey | undefined;
};

/** How an answer is cut: after so many rows or a few more, and where its rows have the columns of the key. */
export type RangeCut = { readonly rowsOfRange: number; readonly keyPlaces: readonly number[] };

/** Cuts an answer into ranges. Each must be loaded before the next one is asked for. */
export async function* rangesOf<Batch extends RowBatch>(
  { batches, load }: RowFlow<Batch>,
  { spell }: Way<Batch>,
  { rowsOfRange, keyPlaces }: RangeCut,
): AsyncGenerator<Range> {
  for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
    const first = next.value;
    let last = first;
    let rows = first.rows;
    const rest = async function* () {
      while (rows < rowsOfRange) {
        const following = await batches.next();
        if (following.done === true) return;
        last = following.value;
        rows += last.rows;
        yield last;
      }
    };
    yield {
      load: (writer) => load(writer, first, rest()),
      get rows() {
        return rows;
      },
      get key() {
        const key = keyPlaces.flatMap((place) => spell(last, place) ?? []);
        return key.length === keyPlaces.length ? key : undefined;
      },
    };
  }
}
