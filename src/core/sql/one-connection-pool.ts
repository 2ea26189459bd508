import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import sql from 'mssql';
import type { Connection } from 'tedious';
import { silenceOnceClosed } from './answers-after-close.ts';
import type { ServerError } from './failures.ts';
import type { ConnectionTarget } from './session.ts';
import { speakTokens } from './sign-in-tokens.ts';
import type { Conversation } from './windows-sign-in.ts';

/** What the driver says about one error or message; the same fields for both. */
export type DriverMessage = {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly message: string;
  readonly lineNumber: number;
  readonly procName: string;
};

/** The parts of mssql's pool that its drivers override (mssql 12, lib/tedious/connection-pool.js); the types leave them out. */
type DriverPool = sql.ConnectionPool & {
  _poolCreate(): Promise<Connection>;
  _poolDestroy(connection: Connection): Promise<void>;
};
const DriverPool = sql.ConnectionPool as unknown as new (config: sql.config) => DriverPool;

/**
 * mssql's pool, held to one physical connection for its whole life.
 *
 * As it comes, `connect` opens a first connection to try it out, closes it, and opens another with the first
 * request; a connection that died is replaced in silence, and with it session locks, SET options and temp tables.
 * Here the first connection is kept and a second one is never made. `validateConnection` is off, because it would
 * send `SELECT 1` before every request, and the reaper keeps one connection, so it closes none.
 */
export class OneConnectionPool extends DriverPool {
  #connection: Connection | undefined;
  #isEnded = false;
  #isClosing = false;

  /** True as soon as the connection cannot take another request, whoever ended it. */
  get isEnded(): boolean {
    return this.#isEnded || this.#connection?.closed === true;
  }

  /** The driver's connection. Throws when there is none yet; after `connect` there is. */
  get connection(): Connection {
    if (!this.#connection) throw new Error('The pool has not connected.');
    return this.#connection;
  }

  override async _poolCreate(): Promise<Connection> {
    if (this.isEnded) throw new Error('The connection has ended.');
    if (this.#connection) return this.#connection;
    const connection = await super._poolCreate();
    silenceOnceClosed(connection);
    connection.once('end', () => {
      this.#isEnded = true;
    });
    this.#connection = connection;
    return connection;
  }

  override async _poolDestroy(connection: Connection): Promise<void> {
    if (this.#isClosing || this.isEnded) return super._poolDestroy(connection);
  }

  /** Ends the connection at once, also in the middle of a request, then the pool around it. */
  async end(): Promise<void> {
    this.#isClosing = true;
    this.#isEnded = true;
    this.#connection?.close();
    await this.close();
  }
}

export type PoolSettings = {
  readonly target: ConnectionTarget;
  readonly host: string;
  readonly socket: Socket;
  /** Who speaks for a Windows account; undefined for a SQL login, and where the driver does it itself. */
  readonly conversation: Conversation | undefined;
  readonly appName: string;
  /** For everything from the first packet to the end of the sign-in; milliseconds. */
  readonly timeoutMs: number;
  /** Certificates that verify trusts besides Node's own list. */
  readonly authorities: readonly string[];
  /** The TLS handshake is over and nothing has been sent through it: the last moment to refuse the server. */
  readonly onSecure: (peer: TLSSocket, refuse: () => void) => void;
  /** The server has answered as a SQL Server does and encryption is being set up. */
  readonly onHandshake: () => void;
  readonly onLoginError: (error: ServerError) => void;
  /** The conversation gave no token; the connection ends. */
  readonly onTokenFailure: (error: unknown) => void;
  /** The driver's connection before it connects. */
  readonly onConnection: (connection: Connection) => void;
};

/** Signs in over an open socket. Rejects with the driver's own errors; connect-failures.ts knows what they mean. */
export async function openPool(settings: PoolSettings): Promise<OneConnectionPool> {
  const { target } = settings;
  const hearLoginError = (token: DriverMessage) => settings.onLoginError(serverError(token));
  // The driver says how far it is only here; if its words change, failures are told apart less well.
  const hearDebug = (text: string) => {
    if (text.includes('-> SentTLSSSLNegotiation')) settings.onHandshake();
  };
  let driver: Connection | undefined;
  const pool = new OneConnectionPool({
    server: settings.host,
    database: target.database ?? 'master',
    ...signIn(settings),
    connectionTimeout: settings.timeoutMs,
    // A script may run as long as it needs; the AbortSignal ends it.
    requestTimeout: 0,
    validateConnection: false,
    pool: { max: 1, min: 1 },
    options: {
      encrypt: target.encryption !== 'none',
      // The certificate is judged in onSecure, before the sign-in is sent: the driver would refuse it without
      // telling its fingerprint. Node has already compared authority and host name by then (`authorized`).
      trustServerCertificate: true,
      cryptoCredentialsDetails: {
        ...(settings.authorities.length > 0 ? { ca: [...settings.authorities] } : {}),
        // Old servers need both: a lower version alone is still refused by OpenSSL's security level.
        ...(target.encryption === 'legacy' ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
      },
      connector: async () => settings.socket,
      appName: settings.appName,
      // The most that one TLS record takes, a little rounded; SQL Server's own limit when encrypted is 16,383. It may
      // answer with less. Rows in bulk cost half as many packets to take apart as with 8,000, a quarter of the usual 4,096.
      packetSize: 16_000,
      useUTC: true,
      enableArithAbort: true,
      // A failing statement ends its transaction, as a set-up script expects.
      abortTransactionOnError: true,
      // The driver counts a missing database (4060) as passing and would sign in four times.
      maxRetriesOnTransientErrors: 0,
    },
    beforeConnect: (connection) => {
      connection.on('secure', (peer) => settings.onSecure(peer, () => connection.close()));
      connection.on('errorMessage', hearLoginError);
      connection.on('debug', hearDebug);
      driver = connection;
      if (settings.conversation) speakTokens(connection, settings.conversation, settings.onTokenFailure);
      settings.onConnection(connection);
    },
  } as sql.config);
  // Without a listener an error between two requests would end the process; isEnded tells the next request.
  pool.on('error', () => undefined);
  await pool.connect();
  driver?.off('errorMessage', hearLoginError);
  driver?.off('debug', hearDebug);
  return pool;
}

/** The driver's fields under the names of SQL Server's own functions (ERROR_NUMBER, ERROR_LINE, ...). */
function serverError(token: DriverMessage): ServerError {
  return {
    number: token.number,
    state: token.state,
    class: token.class,
    line: token.lineNumber,
    procedure: token.procName,
    serverMessage: token.message,
  };
}

function signIn({ target: { signIn: account }, conversation }: PoolSettings): Partial<sql.config> {
  // The driver is to believe in NTLM; its own tokens never go out.
  if (conversation !== undefined) return { domain: 'SSPI', user: '', password: '' };
  if (account.kind === 'sql') return { user: account.user, password: account.password.reveal() };
  if (account.kind === 'ntlm') {
    return { domain: account.domain, user: account.user, password: account.password.reveal() };
  }
  return {};
}
