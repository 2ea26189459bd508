import { Readable } from 'node:stream';
import { type Connection, Request } from 'tedious';
import type { DriverSession } from '../../sql/mssql-session.ts';

/** One row of an answer or many, as a way carries them. */
export type RowBatch = { readonly rows: number };

/** How rows are taken out of an answer and put into a bulk load. */
export type Way<Batch extends RowBatch> = {
  /** Attaches to the request before it is sent; what it yields undoes it when the request has ended. */
  readonly open: (connection: Connection, request: Request, onBatch: (batch: Batch) => void) => () => void;
  /** Settles when the server has taken all batches (`first` among them); yields how many rows it says it took. */
  readonly load: (connection: Connection, batches: AsyncIterable<Batch>, first: Batch) => Promise<number>;
  /** How many batches wait between the two before the reader has to. */
  readonly ahead: number;
  /**
   * A value of the last row of a batch, by the place of its column, spelled so that T-SQL makes the very same of it;
   * undefined where the wire does not say it that exactly.
   */
  readonly spell: (batch: Batch, place: number) => string | undefined;
};

export type Reading = {
  readonly reader: DriverSession;
  readonly query: string;
  /** Rows read so far. */
  readonly onRows?: (rows: number) => void;
};

/** The batches of an answer, and how they become bulk loads on another session. */
export type RowFlow<Batch> = {
  readonly batches: AsyncIterator<Batch, unknown, undefined>;
  /** Loads `first` and what follows it; yields how many rows the server says it took. */
  readonly load: (writer: DriverSession, first: Batch, rest: AsyncIterable<Batch>) => Promise<number>;
};

/**
 * Hands the answer of a query on one session to `use`, which puts it into bulk loads on another; a slow side holds the
 * other up. A side that fails ends the other, and its failure is the one that is thrown; the reader is free again by
 * then, and nothing of `use` is at work any more.
 */
export async function withRows<Batch extends RowBatch, Result>(
  { reader, query, onRows }: Reading,
  way: Way<Batch>,
  use: (flow: RowFlow<Batch>) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  let request: Request | undefined;
  const batches = new Readable({
    objectMode: true,
    highWaterMark: way.ahead,
    read: () => request?.resume(),
  });
  // Whoever reads the batches hears of it; without a listener it would end the process when nobody does.
  batches.on('error', () => undefined);
  ended.addEventListener('abort', () => batches.destroy(asError(ended.reason)), { once: true });

  const lend = <Answer>(session: DriverSession, work: (connection: Connection) => Promise<Answer>) =>
    session.withDriver((connection) => cancellable(connection, work, ended), signal);
  const take = async (connection: Connection): Promise<void> => {
    let read = 0;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    request = new Request(query, (error) => (error ? reject(error) : resolve()));
    const close = way.open(connection, request, (batch) => {
      read += batch.rows;
      onRows?.(read);
      if (!batches.push(batch)) request?.pause();
    });
    try {
      connection.execSqlBatch(request);
      await promise;
    } finally {
      close();
    }
    batches.push(null);
  };
  const flow: RowFlow<Batch> = {
    batches: batches[Symbol.asyncIterator](),
    load: (writer, first, rest) =>
      lend(writer, (connection) => way.load(connection, startingWith(first, rest), first)),
  };
  const endingOthers = async <Answer>(work: Promise<Answer>): Promise<Answer> => {
    try {
      return await work;
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const [read, used] = await Promise.allSettled([endingOthers(lend(reader, take)), endingOthers(use(flow))]);
  if (read.status === 'rejected' || used.status === 'rejected') throw failed.signal.reason;
  return used.value;
}

/** What left the reader and what the writer says arrived; the caller compares. */
export type Passed = { readonly read: number; readonly taken: number };

/** The whole answer into one bulk load; an answer without rows starts none. */
export async function passRows<Batch extends RowBatch>(
  { writer, onRows, ...reading }: Reading & { readonly writer: DriverSession },
  way: Way<Batch>,
  signal: AbortSignal,
): Promise<Passed> {
  let read = 0;
  const counted = (rows: number): void => {
    read = rows;
    onRows?.(rows);
  };
  const taken = await withRows(
    { ...reading, onRows: counted },
    way,
    async ({ batches, load }) => {
      const first = await batches.next();
      if (first.done) return 0;
      return await load(writer, first.value, { [Symbol.asyncIterator]: () => batches });
    },
    signal,
  );
  return { read, taken };
}

async function cancellable<Result>(
  connection: Connection,
  work: (connection: Connection) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  const cancel = () => connection.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work(connection);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function* startingWith<Batch>(first: Batch, rest: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  yield first;
  yield* rest;
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('The transfer was ended.', { cause: reason });
