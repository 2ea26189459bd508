import type { Socket } from 'node:net';
import type { ExpectedError } from '../errors.ts';
import { type BrowserOptions, findInstancePort } from './browser.ts';
import { judgePeer, type Protection, plaintext, trustedAuthorities } from './certificate.ts';
import { connectError } from './connect-errors.ts';
import { explainConnectFailure } from './connect-failures.ts';
import type { ServerError } from './failures.ts';
import { findLocalInstances, type LocalInstance } from './local-instances.ts';
import type { DriverSession } from './mssql-session.ts';
import type { PinStore } from './pins.ts';
import { type HostAddress, type Lookup, openSocket, resolveHost } from './reach.ts';
import { parseServerName, type ServerName, serverKey } from './server-name.ts';
import type { ConnectionTarget, SignIn } from './session.ts';
import {
  beginConversation,
  type Conversation,
  refuseWindowsSignIn,
  systemSignIn,
  type WindowsSignIn,
} from './windows-sign-in.ts';

export type SqlServersOptions = {
  /** Certificates that were accepted. */
  readonly pins: PinStore;
  /** The name under which the server lists the connection (program_name). */
  readonly appName: string;
  /** For each of the two halves of a connection: TCP, and encryption with sign-in. Milliseconds. */
  readonly connectTimeoutMs: number;
  readonly lookup?: Lookup;
  /** The names of this computer. */
  readonly localNames?: readonly string[];
  /** The instances of this computer; the registry knows their ports also when SQL Browser is stopped. Default: the registry on Windows. */
  readonly localInstances?: () => Promise<readonly LocalInstance[]>;
  /** Who signs in as a Windows account. Default: Windows, where this is Windows. */
  readonly windowsSignIn?: WindowsSignIn | undefined;
  /** Where and how long SQL Browser is asked; the defaults are the field's. */
  readonly browser?: Omit<BrowserOptions, 'signal'>;
};

/** A `SqlServers` whose sessions also lend the driver's connection, for transfer in bulk. */
export type MssqlServers = {
  connect(target: ConnectionTarget, signal?: AbortSignal): Promise<DriverSession>;
};

/** Opens sessions over mssql. See `SqlSession` for what a session promises and connect-errors.ts for what fails. */
export function createSqlServers(options: SqlServersOptions): MssqlServers {
  return {
    connect: async (target, signal) => {
      const name = parseServerName(target.server, options.localNames);
      refuseWindowsSignIn(target.signIn, options.windowsSignIn ?? systemSignIn);
      const addresses = await resolveHost(name.host, name.label, options.lookup, signal);
      const { port } = await portOf(name, addresses, options, signal);
      const socket = await openSocket(addresses, port, name.label, options.connectTimeoutMs, signal);
      return openSession({ target, name, port, socket }, options, () => undefined, signal);
    },
  };
}

/** A port and who named it. */
export type FoundPort = { readonly port: number; readonly source: 'typed' | 'registry' | 'browser' };

/**
 * The port that was typed, or the one of the instance: on this computer the registry knows it, which helps because
 * SQL Server Express comes with SQL Browser switched off; otherwise SQL Browser is asked.
 */
export async function portOf(
  name: ServerName,
  addresses: readonly HostAddress[],
  options: SqlServersOptions,
  signal?: AbortSignal,
): Promise<FoundPort> {
  if (name.port !== undefined) return { port: name.port, source: 'typed' };
  const instance = name.instance ?? '';
  if (name.isLoopback) {
    const local = await (options.localInstances ?? registryInstances)();
    const found = local.find((each) => each.server.toUpperCase() === `.\\${instance.toUpperCase()}`);
    if (found && !found.isTcpEnabled)
      throw connectError('tcp-off', { server: name.label }, { details: { instance } });
    if (found?.port !== undefined) return { port: found.port, source: 'registry' };
  }
  const port = await findInstancePort({ ...name, instance }, addresses, { ...options.browser, signal });
  return { port, source: 'browser' };
}

async function registryInstances(): Promise<readonly LocalInstance[]> {
  return process.platform === 'win32' ? findLocalInstances() : [];
}

export type ReachedServer = {
  readonly target: ConnectionTarget;
  readonly name: ServerName;
  readonly port: number;
  /** Open; belongs to the session from here on, also when the sign-in fails. */
  readonly socket: Socket;
};

/**
 * Encryption and sign-in over an open socket. `onProtected` is called once the server has been believed and before
 * the sign-in is sent. A certificate that is accepted for the first time is kept after the sign-in succeeded.
 */
export async function openSession(
  { target, name, port, socket }: ReachedServer,
  options: SqlServersOptions,
  onProtected: (protection: Protection) => void,
  signal?: AbortSignal,
): Promise<DriverSession> {
  const key = serverKey(name);
  const loginErrors: ServerError[] = [];
  let refusal: ExpectedError | undefined;
  let tokenFailure: unknown;
  let protection: Protection | undefined;
  let isHandshaking = false;
  let conversation: Conversation | undefined;
  let stop: (() => void) | undefined;
  const onAbort = () => stop?.();
  signal?.addEventListener('abort', onAbort, { once: true });
  const explain = (error: unknown): never => {
    signal?.throwIfAborted();
    throw (
      refusal ??
      tokenFailure ??
      explainConnectFailure(error, {
        label: name.label,
        port,
        database: target.database ?? 'master',
        account: accountOf(target.signIn),
        isHandshaking,
        isEncryptionAsked: target.encryption !== 'none',
        hasAnswered: socket.bytesRead > 0,
        isSecure: protection !== undefined,
        loginErrors,
      })
    );
  };
  try {
    const pin = await options.pins.find(key);
    // The driver takes 0.15 s to load: only who connects pays for it.
    const [{ openPool }, { mssqlSession }] = await Promise.all([
      import('./one-connection-pool.ts'),
      import('./mssql-session.ts'),
    ]);
    signal?.throwIfAborted();
    const windows = options.windowsSignIn ?? systemSignIn;
    conversation = await beginConversation(target.signIn, windows, { host: name.host, port });
    if (target.encryption === 'none') onProtected(plaintext);
    const pool = await openPool({
      target,
      host: name.host,
      socket,
      conversation,
      appName: options.appName,
      timeoutMs: options.connectTimeoutMs,
      authorities: target.encryption === 'verify' ? trustedAuthorities() : [],
      onSecure: (peer, refuse) => {
        const judged = judgePeer(peer, {
          choice: target.encryption,
          pin,
          isLoopback: name.isLoopback,
          label: name.label,
          serverKey: key,
        });
        if ('protection' in judged) {
          protection = judged.protection;
          onProtected(protection);
        } else {
          refusal = judged.refusal;
          refuse();
        }
      },
      onHandshake: () => {
        isHandshaking = true;
      },
      onLoginError: (error) => loginErrors.push(error),
      onTokenFailure: (error) => {
        tokenFailure = error;
      },
      onConnection: (connection) => {
        stop = () => connection.close();
      },
    }).catch(explain);
    if (protection === undefined && target.encryption !== 'none') {
      // The driver has its own check for this; it must never depend on the driver alone.
      await pool.end();
      throw connectError('encryption-mismatch', { server: name.label }, { explain: 'encryption-off' });
    }
    if (protection?.verdict === 'accepted-now') await options.pins.keep(key, protection.fingerprint);
    return mssqlSession(pool, name.label);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    conversation?.end();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The account as messages name it. */
export function accountOf(signIn: SignIn): string {
  if (signIn.kind === 'sql') return signIn.user;
  return signIn.kind === 'ntlm' ? `${signIn.domain}\\${signIn.user}` : 'the Windows account';
}
