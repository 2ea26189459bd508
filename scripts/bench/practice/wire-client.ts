import { Connection, Request } from 'tedious';
import type { ServerAddress } from './server.ts';

export type WireColumn = {
  readonly name: string;
  readonly type: Parameters<ReturnType<Connection['newBulkLoad']>['addColumn']>[1];
  readonly options: { readonly length?: number; readonly precision?: number; readonly scale?: number };
  readonly isNullable: boolean;
};

/** Milliseconds after which a cancelled statement counts as one that does not end. */
const patience = 5000;

/** One tedious connection, as any Node program would use it. */
export class WireClient {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open({ server, user, password }: ServerAddress): Promise<WireClient> {
    const [host = '', port] = server.split(',');
    const connection = new Connection({
      server: host,
      authentication: { type: 'default', options: { userName: user, password } },
      options: { port: Number(port), encrypt: true, trustServerCertificate: true, requestTimeout: 0 },
    });
    await new Promise<void>((resolve, reject) =>
      connection.connect((error) => (error ? reject(error) : resolve())),
    );
    return new WireClient(connection);
  }

  /** Runs a batch and gives the number of rows that came. */
  run(text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      let rows = 0;
      const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
      request.on('row', () => {
        rows += 1;
      });
      this.#connection.execSqlBatch(request);
    });
  }

  /** Loads rows into a table that exists. */
  load(table: string, columns: readonly WireColumn[], rows: Iterable<readonly unknown[]>): Promise<void> {
    return new Promise((resolve, reject) => {
      const load = this.#connection.newBulkLoad(table, (error) => (error ? reject(error) : resolve()));
      for (const { name, type, options, isNullable } of columns) {
        load.addColumn(name, type, { ...options, nullable: isNullable });
      }
      this.#connection.execBulkLoad(load, rows as Iterable<unknown[]>);
    });
  }

  /**
   * Cancels a batch after a while and gives the milliseconds until it has ended; undefined when it ended before,
   * Infinity when it goes on for seconds: the connection is of no use then.
   */
  interrupt(text: string, after: number): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      let cancelled: number | undefined;
      const request = new Request(text, (error) => {
        clearTimeout(timer);
        if (cancelled !== undefined) resolve(performance.now() - cancelled);
        else if (error) reject(error);
        else resolve(undefined);
      });
      this.#connection.execSqlBatch(request);
      let timer = setTimeout(() => {
        cancelled = performance.now();
        this.#connection.cancel();
        timer = setTimeout(() => resolve(Number.POSITIVE_INFINITY), patience);
      }, after);
    });
  }

  close(): void {
    this.#connection.close();
  }
}
