/** Runs conformance cases on a server that the environment names, through the product's own driver. */

import { Connection, Request } from 'tedious';
import type { Answer, Case, Cell } from './cases.ts';
import { difference, type Verdict } from './cases.ts';

export type ServerAddress = { readonly server: string; readonly user: string; readonly password: string };

/** What the driver tells of a column; lengths are bytes. */
type ColumnMetaData = {
  readonly colName: string;
  readonly type: { readonly name: string };
  readonly dataLength?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
};

type Message = {
  readonly number: number;
  readonly class: number;
  readonly state: number;
  readonly lineNumber: number;
  readonly message: string;
};

/** One connection. A batch's answer is everything that the server sent for it. */
export class WireClient {
  private readonly connection: Connection;
  private constructor(connection: Connection) {
    this.connection = connection;
  }

  static async connect({ server, user, password }: ServerAddress, database = 'master'): Promise<WireClient> {
    const [hostAndInstance = '', port] = server.split(',');
    const [host = '', instanceName] = hostAndInstance.replace(/^tcp:/i, '').split('\\');
    const connection = new Connection({
      server: host,
      authentication: { type: 'default', options: { userName: user, password } },
      options: {
        database,
        encrypt: true,
        trustServerCertificate: true,
        requestTimeout: 60_000,
        ...(port === undefined ? {} : { port: Number(port) }),
        ...(instanceName === undefined ? {} : { instanceName }),
      },
    });
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    return new WireClient(connection);
  }

  async run(sql: string): Promise<Answer> {
    const answer = {
      sets: [] as { columns: [string, string][]; rows: Cell[][] }[],
      counts: [] as number[],
      prints: [] as string[],
      errors: [] as Answer['errors'][number][],
    };
    const { connection } = this;
    const onError = ({ number, class: severity, state, lineNumber, message }: Message): void => {
      answer.errors.push({ number, class: severity, state, line: lineNumber, text: message });
    };
    const onInfo = ({ number, message }: Message): void => {
      if (number === 0 || number === 50000) answer.prints.push(message);
    };
    connection.on('errorMessage', onError);
    connection.on('infoMessage', onInfo);
    try {
      await new Promise<void>((resolve, reject) => {
        const request = new Request(sql, (problem) => {
          // The server's own errors were collected one by one.
          if (problem && answer.errors.length === 0) reject(problem);
          else resolve();
        });
        request.on('columnMetadata', (columns) => {
          const list = columns as ColumnMetaData[];
          answer.sets.push({ columns: list.map((column) => [column.colName, typeText(column)]), rows: [] });
        });
        request.on('row', (columns: readonly { readonly value: unknown }[]) => {
          answer.sets.at(-1)?.rows.push(columns.map(({ value }) => cell(value)));
        });
        const onDone = (count: number | undefined): void => {
          if (count !== undefined) answer.counts.push(count);
        };
        request.on('done', onDone);
        request.on('doneInProc', onDone);
        connection.execSqlBatch(request);
      });
    } finally {
      connection.off('errorMessage', onError);
      connection.off('infoMessage', onInfo);
    }
    return answer;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.connection.once('end', () => resolve());
      this.connection.close();
    });
  }
}

const integers: ReadonlyMap<number, string> = new Map([
  [1, 'tinyint'],
  [2, 'smallint'],
  [4, 'int'],
  [8, 'bigint'],
]);

const typeText = ({ type, dataLength, precision, scale }: ColumnMetaData): string => {
  const bytes = dataLength ?? 0;
  const length = bytes === 65535 ? 'max' : bytes;
  switch (type.name) {
    case 'IntN':
      return integers.get(bytes) ?? 'int';
    case 'FloatN':
      return bytes === 4 ? 'real' : 'float';
    case 'MoneyN':
      return bytes === 4 ? 'smallmoney' : 'money';
    case 'DateTimeN':
      return bytes === 4 ? 'smalldatetime' : 'datetime';
    case 'BitN':
      return 'bit';
    case 'NumericN':
    case 'DecimalN':
    case 'Numeric':
    case 'Decimal':
      return `numeric(${precision},${scale})`;
    case 'Time':
    case 'DateTime2':
    case 'DateTimeOffset':
      return `${type.name.toLowerCase()}(${scale})`;
    case 'NVarChar':
    case 'NChar':
      return `${type.name.toLowerCase()}(${length === 'max' ? length : bytes / 2})`;
    case 'VarChar':
    case 'Char':
    case 'VarBinary':
    case 'Binary':
      return `${type.name.toLowerCase()}(${length})`;
    case 'Variant':
      return 'sql_variant';
    default:
      return type.name.toLowerCase();
  }
};

const cell = (value: unknown): Cell => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString().slice(0, -1);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex').toUpperCase()}`;
  return value as Cell;
};

const quoted = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

/** What the case itself makes outside of its database: it goes when the case is over. */
const madeOutside = (test: Case): readonly string[] =>
  test.batches.flatMap((batch) =>
    [
      ...(typeof batch === 'string' ? batch : batch.sql).matchAll(/\bcreate\s+(login|database)\s+\[?(\w+)/gi),
    ].map(([, kind, name]) => `${kind} ${quoted(name ?? '')}`),
  );

let scratchNumber = 0;

/** Runs one case in a database of its own. `administrator` stays in master. */
export const judgeOnServer = async (
  test: Case,
  address: ServerAddress,
  administrator: WireClient,
): Promise<Verdict> => {
  const scratch = `storedb_conformance_${process.pid}_${++scratchNumber}`;
  const clients = new Map<string, WireClient>();
  const client = async (name: string): Promise<WireClient> => {
    const known = clients.get(name) ?? (await WireClient.connect(address, scratch));
    clients.set(name, known);
    return known;
  };
  try {
    const made = await administrator.run(`create database ${scratch}`);
    if (made.errors.length > 0) throw new Error(`no scratch database: ${made.errors[0]?.text}`);
    await client('a');
    for (const [i, batch] of test.batches.entries()) {
      const [name, sql] = typeof batch === 'string' ? ['a', batch] : [batch.on, batch.sql];
      const answer = await (await client(name)).run(sql);
      const why = difference(test.expect[i] ?? {}, answer, test.accept ?? {});
      if (why === undefined) continue;
      const refusal = answer.errors.find((error) => error.text?.startsWith('Practice server: '));
      return refusal === undefined
        ? { id: test.id, verdict: 'wrong', why: `batch ${i}: ${why}` }
        : { id: test.id, verdict: 'refused', why: refusal.text ?? '' };
    }
    return { id: test.id, verdict: 'right' };
  } catch (problem) {
    return { id: test.id, verdict: 'wrong', why: String(problem) };
  } finally {
    for (const open of clients.values()) await open.close();
    // Ends what the server has not noticed to be gone; not every server can, and then there is nothing to end.
    await administrator.run(`alter database ${scratch} set single_user with rollback immediate`);
    await administrator.run(`drop database ${scratch}`);
    for (const thing of madeOutside(test)) await administrator.run(`drop ${thing}`);
  }
};
