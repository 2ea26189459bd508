import { Readable } from 'node:stream';
import { Request } from 'tedious';
import type { DriverSession } from '../../sql/mssql-session.ts';

export type Cells = readonly unknown[];

const batchRows = 500;
/** Batches that are read ahead while the one before is written. */
const readAhead = 2;

/**
 * The rows of a query, some hundred at a time: a table of any size passes in the same memory. The session is lent for
 * as long as it takes. Who stops early has the rest cancelled.
 */
export async function* streamRows(
  session: DriverSession,
  query: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Cells[]> {
  let goOn: () => void = () => undefined;
  let stop: () => void = () => undefined;
  const batches = new Readable({ objectMode: true, highWaterMark: readAhead, read: () => goOn() });
  const sent = session.withDriver((connection) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let batch: Cells[] = [];
    const request = new Request(query, (error) => {
      if (error) return reject(error);
      if (batch.length > 0) batches.push(batch);
      resolve();
    });
    goOn = () => request.resume();
    stop = () => void connection.cancel();
    request.on('row', (cells: readonly { readonly value: unknown }[]) => {
      batch.push(cells.map(({ value }) => value));
      if (batch.length < batchRows) return;
      if (!batches.push(batch)) request.pause();
      batch = [];
    });
    connection.execSqlBatch(request);
    return promise;
  }, signal);
  const ended = sent.then(
    () => void batches.push(null),
    (error: unknown) => void batches.destroy(error as Error),
  );
  const cancel = () => stop();
  signal.addEventListener('abort', cancel, { once: true });
  let isWhole = false;
  try {
    yield* batches;
    isWhole = true;
  } finally {
    signal.removeEventListener('abort', cancel);
    if (!isWhole) {
      // A request that waits for its rows to be taken hears nothing.
      goOn();
      stop();
    }
    await ended;
  }
}
