/** Real clients of the tests, and a bare socket that speaks packets. */

import { connect, type Socket } from 'node:net';
import mssql from 'mssql';
import { Connection, type ConnectionConfiguration, Request } from 'tedious';
import { framePacket, type Packet, PacketCutter } from '../../../src/practice/tds/packets.ts';
import { type Listening, type ListenOptions, listen } from '../../../src/practice/tds/server.ts';
import { FakeEngine } from './fake-engine.ts';

export type Fixture = {
  readonly engine: FakeEngine;
  readonly server: Listening;
  readonly problems: Error[];
} & AsyncDisposable;

/** A server on a free port, with an engine that answers the pool's probe. */
export async function serverFor(options: Partial<ListenOptions> = {}): Promise<Fixture> {
  const engine = new FakeEngine();
  const problems: Error[] = [];
  engine.answerRows('SELECT 1;', [{ name: '', type: { kind: 'int' }, isNullable: false }], [[1]]);
  const server = await listen(engine, {
    port: 0,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  return { engine, server, problems, [Symbol.asyncDispose]: () => server.close() };
}

export type PoolOptions = {
  readonly encrypt?: boolean;
  readonly packetSize?: number;
  readonly password?: string;
};

export async function poolOn(
  server: Listening,
  options: PoolOptions = {},
): Promise<mssql.ConnectionPool & AsyncDisposable> {
  const pool = await new mssql.ConnectionPool({
    server: '127.0.0.1',
    port: server.port,
    user: 'sa',
    password: options.password ?? 'Secret-1',
    options: {
      encrypt: options.encrypt ?? false,
      trustServerCertificate: true,
      ...(options.packetSize === undefined ? {} : { packetSize: options.packetSize }),
    },
  }).connect();
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.close() });
}

/** A tedious connection that is logged in. */
export function connectTedious(
  server: Listening,
  options: ConnectionConfiguration['options'] = {},
): Promise<Connection> {
  const connection = new Connection({
    server: '127.0.0.1',
    authentication: { type: 'default', options: { userName: 'sa', password: 'Secret-1' } },
    options: { port: server.port, encrypt: false, trustServerCertificate: true, ...options },
  });
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

/** Runs a batch and gives the rows' values, cell by cell. */
export function runBatch(connection: Connection, text: string): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[][] = [];
    const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
    request.on('row', (columns: { value: unknown }[]) => rows.push(columns.map(({ value }) => value)));
    connection.execSqlBatch(request);
  });
}

/** A client that sends what it is told. */
export class BareClient {
  readonly socket: Socket;
  readonly packets: Packet[] = [];
  isClosed = false;
  readonly #cutter = new PacketCutter();
  #wake: (() => void) | undefined;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (bytes: Buffer) => {
      this.packets.push(...this.#cutter.push(bytes));
      this.#wake?.();
    });
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => {
      this.isClosed = true;
      this.#wake?.();
    });
  }

  send(type: number, data: Buffer, status = 1): void {
    this.socket.write(framePacket({ type, status, data }, 0, 1));
  }

  /** One whole answer; undefined when the connection ends. */
  async answer(): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (;;) {
      const packet = this.packets.shift();
      if (packet) {
        parts.push(packet.data);
        if (packet.status & 1) return Buffer.concat(parts);
      } else if (this.isClosed) return undefined;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** LOGIN7 of TDS 7.4 with a user and a password, and nothing else. */
export function loginPacket(user: string, password: string, version = 0x74000004): Buffer {
  const fixed = Buffer.alloc(94);
  const name = Buffer.from(user, 'utf16le');
  const secret = Buffer.from(password, 'utf16le').map((byte) => (((byte << 4) | (byte >> 4)) & 0xff) ^ 0xa5);
  fixed.writeUInt32LE(fixed.length + name.length + secret.length, 0);
  fixed.writeUInt32LE(version, 4);
  fixed.writeUInt32LE(4096, 8);
  for (let row = 36; row < 94 - 4; row += 4)
    if (row !== 72 && row !== 76) fixed.writeUInt16LE(fixed.length, row);
  fixed.writeUInt16LE(fixed.length, 40);
  fixed.writeUInt16LE(user.length, 42);
  fixed.writeUInt16LE(fixed.length + name.length, 44);
  fixed.writeUInt16LE(password.length, 46);
  fixed.writeUInt32LE(0, 78);
  return Buffer.concat([fixed, name, secret]);
}

/** PRELOGIN with an encryption option alone: 0 off, 1 on, 2 not supported. */
export function preloginPacket(encryption: number): Buffer {
  return Buffer.from([0x01, 0x00, 0x06, 0x00, 0x01, 0xff, encryption]);
}

/** A SQL batch with its headers. */
export function batchPacket(text: string): Buffer {
  const headers = Buffer.alloc(22);
  headers.writeUInt32LE(22, 0);
  headers.writeUInt32LE(18, 4);
  headers.writeUInt16LE(2, 8);
  headers.writeUInt32LE(1, 18);
  return Buffer.concat([headers, Buffer.from(text, 'utf16le')]);
}
