import sql from 'mssql';
import type { Connection } from 'tedious';
import { connectError } from './connect-errors.ts';
import { type ServerError, SqlFailure } from './failures.ts';
import type { DriverMessage, OneConnectionPool } from './one-connection-pool.ts';
import type { SqlParameters, SqlRow, SqlSession, SqlValue } from './session.ts';

/** "Changed database context" and "Changed language setting": every USE and every sign-in says them. */
const passingMessages: ReadonlySet<number> = new Set([5701, 5703]);

/**
 * A session that lends the driver's own connection: rows as a stream, bulk loads. `work` has it alone until it
 * settles; its failures become SqlFailures and `connection-lost` as everywhere. `work` hears the signal itself
 * (`connection.cancel()`).
 */
export type DriverSession = SqlSession & {
  /** As `query`, with the rows of all result sets of the text: several questions in one trip over the line. */
  queries(
    text: string,
    parameters?: SqlParameters,
    signal?: AbortSignal,
  ): Promise<readonly (readonly SqlRow[])[]>;
  withDriver<T>(work: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T>;
};

/**
 * The session over the one connection of `pool`. Requests that overlap wait for each other, because a connection
 * carries one at a time. An aborted signal sends an attention and rejects with the signal's reason once the server
 * has acknowledged it; the session stays usable. A server that does not acknowledge within 5 s loses the connection.
 *
 * Rows come as the driver reads them: bigint as text, numeric and money as a double, which loses digits. A statement
 * that reads amounts casts them to text itself. Dates are UTC.
 */
export function mssqlSession(pool: OneConnectionPool, server: string): DriverSession {
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const run = <T>(signal: AbortSignal | undefined, send: (request: sql.Request) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      signal?.throwIfAborted();
      if (pool.isEnded) throw lost();
      const request = pool.request();
      const cancel = () => request.cancel();
      try {
        const answer = send(request);
        signal?.addEventListener('abort', cancel, { once: true });
        return await answer;
      } catch (error) {
        if (signal?.aborted && isDriverError(error) && error.code === 'ECANCEL') throw signal.reason;
        throw failure(error);
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    });

  const lend = <T>(
    signal: AbortSignal | undefined,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> =>
    inTurn(async () => {
      signal?.throwIfAborted();
      if (pool.isEnded) throw lost();
      try {
        return await work(pool.connection);
      } catch (error) {
        if (signal?.aborted && !pool.isEnded) throw signal.reason;
        throw failure(error);
      }
    });

  const lost = (cause?: unknown) => connectError('connection-lost', { server }, { cause });
  const failure = (error: unknown): unknown => {
    const errors = serverErrors(error);
    const [first, ...rest] = errors;
    if (first) return new SqlFailure(first, rest, error);
    return pool.isEnded ? lost(error) : error;
  };

  const ask = (text: string, parameters: SqlParameters, signal: AbortSignal | undefined) =>
    run(signal, (request) => {
      for (const [name, value] of Object.entries(parameters)) bind(request, name, value);
      return request.query(text);
    });

  return {
    query: async <Row extends SqlRow>(text: string, parameters: SqlParameters = {}, signal?: AbortSignal) => {
      const { recordset } = await ask(text, parameters, signal);
      return [...((recordset ?? []) as readonly Row[])];
    },
    queries: async (text, parameters = {}, signal) => {
      const { recordsets } = await ask(text, parameters, signal);
      return (recordsets as readonly (readonly SqlRow[])[]).map((rows) => [...rows]);
    },
    batch: async (text, signal) => {
      const messages: string[] = [];
      await run(signal, (request) => {
        request.on('info', (info: DriverMessage) => {
          if (!passingMessages.has(info.number)) messages.push(info.message);
        });
        return request.batch(text);
      });
      return { messages };
    },
    withDriver: (work, signal) => lend(signal, work),
    get isLost() {
      return pool.isEnded;
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await pool.end();
    },
  };
}

type DriverError = Error & {
  readonly code?: string;
  readonly number?: number;
  readonly state?: number;
  readonly class?: number;
  readonly lineNumber?: number;
  readonly procName?: string;
  readonly precedingErrors?: readonly DriverError[];
};

function isDriverError(error: unknown): error is DriverError {
  return error instanceof Error && 'code' in error;
}

/**
 * All errors of the server in the order in which they came; empty when the failure is not the server's. mssql puts
 * the earlier ones into `precedingErrors`, tedious puts several into an AggregateError.
 */
function serverErrors(error: unknown): readonly ServerError[] {
  if (error instanceof AggregateError) return error.errors.flatMap(serverErrors);
  if (!isDriverError(error)) return [];
  return [...(error.precedingErrors ?? []), error].flatMap((each) =>
    // The driver's own errors (ECANCEL, ECLOSE) carry no severity.
    typeof each.number === 'number' && typeof each.class === 'number'
      ? [
          {
            number: each.number,
            state: each.state ?? 0,
            class: each.class,
            line: each.lineNumber ?? 0,
            procedure: each.procName ?? '',
            serverMessage: each.message,
          },
        ]
      : [],
  );
}

/**
 * The type under which a value is sent. A date is datetime, as the columns of a shop's database are: as datetime2 it
 * would not equal the rounded value of the column (compatibility level 130 and up). A null is nvarchar; a statement
 * that puts it into a binary column casts it.
 */
function bind(request: sql.Request, name: string, value: SqlValue): void {
  if (value === null) request.input(name, sql.NVarChar, null);
  else if (typeof value === 'string')
    request.input(name, value.length > 4000 ? sql.NVarChar(sql.MAX) : sql.NVarChar(4000), value);
  else if (typeof value === 'boolean') request.input(name, sql.Bit, value);
  else if (value instanceof Date) request.input(name, sql.DateTime, value);
  else if (value instanceof Uint8Array)
    request.input(
      name,
      value.length > 8000 ? sql.VarBinary(sql.MAX) : sql.VarBinary(8000),
      Buffer.from(value),
    );
  else request.input(name, numberType(value), value);
}

function numberType(value: number): (() => sql.ISqlType) | sql.ISqlType {
  if (!Number.isInteger(value)) return sql.Float;
  if (value >= -2147483648 && value <= 2147483647) return sql.Int;
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${value} does not fit a number exactly; pass it as text and cast it.`);
  return sql.BigInt;
}
