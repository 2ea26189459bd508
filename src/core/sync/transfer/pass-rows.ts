import { Readable } from 'node:stream';
import { type Connection, Request } from 'tedious';
import type { DriverSession } from '../../sql/mssql-session.ts';

/** How rows are taken out of an answer and put into a bulk load; a `Batch` is one row or many. */
export type Way<Batch> = {
  /** Attaches to the request before it is sent; what it yields undoes it when the request has ended. */
  readonly open: (
    connection: Connection,
    request: Request,
    onBatch: (batch: Batch, rows: number) => void,
  ) => () => void;
  /** Settles when the server has taken all batches (`first` among them); yields how many rows it says it took. */
  readonly load: (connection: Connection, batches: AsyncIterable<Batch>, first: Batch) => Promise<number>;
  /** How many batches wait between the two before the reader has to. */
  readonly ahead: number;
};

export type Passing = {
  readonly reader: DriverSession;
  readonly writer: DriverSession;
  readonly query: string;
  /** Rows read so far. */
  readonly onRows?: (rows: number) => void;
};

/** What left the reader and what the writer says arrived; the caller compares. */
export type Passed = { readonly read: number; readonly taken: number };

/**
 * Pipes the answer of a query on one session into a bulk load on another; a slow side holds the other up. An answer
 * without rows starts no bulk load. A side that fails ends the other, and its failure is the one that is thrown; both
 * sessions are free again by then.
 */
export async function passRows<Batch>(
  { reader, writer, query, onRows }: Passing,
  way: Way<Batch>,
  signal: AbortSignal,
): Promise<Passed> {
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

  const take = async (connection: Connection): Promise<number> => {
    let read = 0;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    request = new Request(query, (error) => (error ? reject(error) : resolve()));
    const close = way.open(connection, request, (batch, rows) => {
      read += rows;
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
    return read;
  };
  const put = async (connection: Connection): Promise<number> => {
    const iterator = batches[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (first.done) return 0;
    return await way.load(connection, startingWith<Batch>(first.value, iterator), first.value);
  };

  const alone = async (session: DriverSession, work: (connection: Connection) => Promise<number>) => {
    try {
      return await session.withDriver((connection) => cancellable(connection, work, ended), signal);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const [read, taken] = await Promise.allSettled([alone(reader, take), alone(writer, put)]);
  if (read.status === 'rejected' || taken.status === 'rejected') throw failed.signal.reason;
  return { read: read.value, taken: taken.value };
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

async function* startingWith<Batch>(first: Batch, rest: AsyncIterableIterator<Batch>): AsyncGenerator<Batch> {
  yield first;
  yield* rest;
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('The transfer was ended.', { cause: reason });
