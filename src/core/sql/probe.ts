import type { Socket } from 'node:net';
import { type ExitName, ExpectedError } from '../errors.ts';
import type { Protection } from './certificate.ts';
import { accountOf, type FoundPort, openSession, portOf, type SqlServersOptions } from './connect.ts';
import { type ConnectLayer, layerOf } from './connect-errors.ts';
import { describeFailure, SqlFailure } from './failures.ts';
import { openSocket, resolveHost } from './reach.ts';
import { serverFindings } from './server-facts.ts';
import { parseServerName, type ServerName } from './server-name.ts';
import type { ConnectionTarget, SqlSession } from './session.ts';
import { refuseWindowsSignIn, systemSignIn } from './windows-sign-in.ts';

export type ProbeLayer = ConnectLayer | 'server' | 'rights';

/** One line of a connection test. A layer is 'working' first and then once more with its outcome. */
export type ProbeEvent = {
  readonly layer: ProbeLayer;
  /** 'Name found', 'Port', ...: the first column. */
  readonly label: string;
  readonly status: 'working' | 'ok' | 'warning' | 'failed';
  readonly message: string;
  /** The one next thing to do; with every failure and warning. */
  readonly hint?: string;
  /** `fingerprint` and `serverKey` when a certificate can be accepted: `pins.keep(serverKey, fingerprint)`. */
  readonly details?: Readonly<Record<string, string | number>>;
  /** How a run would end here; with every failure. */
  readonly exit?: ExitName;
};

const labels: Readonly<Record<ProbeLayer, string>> = {
  name: 'Name found',
  port: 'Port',
  encryption: 'Encryption',
  'sign-in': 'Sign in',
  server: 'Server',
  rights: 'Rights',
};

/**
 * Tries a connection layer by layer and ends at the first layer that fails. It changes nothing, neither on the server
 * nor among the accepted certificates; a database that does not exist yet is no problem: the set-up creates it.
 * Throws ExpectedError only for a server name that cannot be one, the signal's reason, and bugs.
 */
export async function* probeConnection(
  target: ConnectionTarget,
  options: SqlServersOptions,
  signal?: AbortSignal,
): AsyncGenerator<ProbeEvent> {
  const name = parseServerName(target.server, options.localNames);
  let layer: ProbeLayer = 'name';
  const open: { socket?: Socket; session?: SqlSession } = {};
  try {
    yield working('name', name.host);
    const addresses = await resolveHost(name.host, name.label, options.lookup, signal);
    const found = addresses.map((each) => each.address).join(', ');
    yield ok('name', found === name.host ? found : `${name.host} is ${found}`);

    layer = 'port';
    yield working('port', name.port === undefined ? `looking for instance ${name.instance}` : `${name.port}`);
    const { port, source } = await portOf(name, addresses, options, signal);
    open.socket = await openSocket(addresses, port, name.label, options.connectTimeoutMs, signal);
    yield ok('port', portMessage(name, { port, source }));

    layer = 'encryption';
    yield working('encryption', target.encryption === 'none' ? 'none' : 'agreeing on it');
    refuseWindowsSignIn(target.signIn, options.windowsSignIn ?? systemSignIn);
    const believed = Promise.withResolvers<Protection>();
    const attempt = openSession(
      { target, name, port, socket: open.socket },
      withoutKeeping(options),
      believed.resolve,
      signal,
    );
    const protection = await Promise.race([believed.promise, attempt.then(() => believed.promise)]);
    yield protectionEvent(protection, name);

    layer = 'sign-in';
    yield working('sign-in', accountOf(target.signIn));
    const { session, note } = await signedIn(attempt, { target, name, port }, addresses, options, signal);
    open.session = session;
    yield ok('sign-in', accountOf(target.signIn));
    if (note) yield note;

    layer = 'server';
    yield working('server', 'asking for version and rights');
    for (const finding of await serverFindings(session, signal)) {
      const exit = finding.status === 'failed' ? { exit: 'prerequisite' as const } : {};
      yield { ...finding, label: labels[finding.layer], ...exit };
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ExpectedError || error instanceof SqlFailure)) throw error;
    yield failed(error, layer, name);
  } finally {
    if (open.session) await open.session.close();
    open.socket?.destroy();
  }
}

/** The session; without the database when only that is missing. */
async function signedIn(
  attempt: Promise<SqlSession>,
  reached: { readonly target: ConnectionTarget; readonly name: ServerName; readonly port: number },
  addresses: Parameters<typeof openSocket>[0],
  options: SqlServersOptions,
  signal: AbortSignal | undefined,
): Promise<{ readonly session: SqlSession; readonly note?: ProbeEvent }> {
  try {
    return { session: await attempt };
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.code !== 'database-missing') throw error;
    const { database: _, ...target } = reached.target;
    const socket = await openSocket(
      addresses,
      reached.port,
      reached.name.label,
      options.connectTimeoutMs,
      signal,
    );
    const session = await openSession(
      { ...reached, target, socket },
      withoutKeeping(options),
      () => undefined,
      signal,
    );
    try {
      return { session, note: await databaseNote(session, error, reached.target.database ?? '', signal) };
    } catch (reason) {
      await session.close();
      throw reason;
    }
  }
}

/** The server answers 4060 alike for a database that is missing and for one that this account may not open. */
async function databaseNote(
  session: SqlSession,
  refusal: ExpectedError,
  database: string,
  signal: AbortSignal | undefined,
): Promise<ProbeEvent> {
  const found = await session.query(
    'SELECT name FROM sys.databases WHERE LOWER(name) = LOWER(@name)',
    { name: database },
    signal,
  );
  const line = { layer: 'sign-in', label: 'Database' } as const;
  if (found.length === 0) return { ...line, status: 'ok', message: `${database} does not exist yet` };
  const { message, hint, details } = refusal;
  return { ...line, status: 'warning', message, hint, details };
}

/** A test accepts no certificate for good: that is the technician's decision. */
function withoutKeeping(options: SqlServersOptions): SqlServersOptions {
  return { ...options, pins: { find: (key) => options.pins.find(key), keep: async () => undefined } };
}

function portMessage(name: ServerName, { port, source }: FoundPort): string {
  if (source === 'typed') return `${port} is open`;
  return `instance ${name.instance} listens on ${port} (${source === 'browser' ? 'SQL Browser' : 'registry'})`;
}

function protectionEvent({ verdict, version, fingerprint }: Protection, name: ServerName): ProbeEvent {
  const tls = version.replace('TLSv1', 'TLS 1').replace(/^TLS 1$/, 'TLS 1.0');
  switch (verdict) {
    case 'checked':
      return ok('encryption', `${tls}, certificate checked`);
    case 'accepted-before':
      return ok('encryption', `${tls}, certificate accepted before`);
    case 'this-computer':
      return ok('encryption', `${tls}, on this computer`);
    case 'accepted-now':
      return {
        ...ok('encryption', `${tls}, certificate made by the server itself`),
        status: 'warning',
        hint: 'It is new: compare its SHA-256 with the server. It is remembered when the set-up connects.',
        details: { fingerprint },
      };
    case 'plaintext':
      if (name.isLoopback) return ok('encryption', 'none, on this computer');
      return {
        ...ok('encryption', 'none: the password crosses the network readable'),
        status: 'warning',
        hint: 'Choose encryption: verify or trust unless the network is trusted.',
      };
  }
}

function working(layer: ProbeLayer, message: string): ProbeEvent {
  return { layer, label: labels[layer], status: 'working', message };
}

function ok(layer: ProbeLayer, message: string): ProbeEvent {
  return { layer, label: labels[layer], status: 'ok', message };
}

function failed(error: ExpectedError | SqlFailure, at: ProbeLayer, name: ServerName): ProbeEvent {
  const isExpected = error instanceof ExpectedError;
  const { message, hint } = describeFailure(error, { server: name.label });
  const isOfSignIn = isExpected && error.code === 'windows-sign-in';
  const layer = isOfSignIn
    ? 'sign-in'
    : isExpected && error.exit === 'connection' && at !== 'server'
      ? layerOf(error)
      : at;
  return {
    layer,
    label: labels[layer],
    status: 'failed',
    message,
    hint,
    exit: isExpected ? error.exit : 'connection',
    ...(isExpected ? { details: error.details } : {}),
  };
}
