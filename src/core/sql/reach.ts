import { lookup as systemLookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connectError } from './connect-errors.ts';

export type HostAddress = { readonly address: string; readonly family: number };
/** All addresses of a host name; rejects with the resolver's error. */
export type Lookup = (host: string) => Promise<readonly HostAddress[]>;

/** The resolver of the operating system, which also knows the hosts file. */
export const lookupBySystem: Lookup = (host) => systemLookup(host, { all: true });

/** The addresses of a host, or ExpectedError `name-not-found`. */
export async function resolveHost(
  host: string,
  label: string,
  lookup: Lookup = lookupBySystem,
  signal?: AbortSignal,
): Promise<readonly HostAddress[]> {
  signal?.throwIfAborted();
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  try {
    const addresses = await orAborted(lookup(host), signal);
    if (addresses.length > 0) return addresses;
  } catch (cause) {
    signal?.throwIfAborted();
    throw connectError(
      'name-not-found',
      { server: host },
      { details: { server: label, host, reason: errorCode(cause) }, cause },
    );
  }
  throw connectError('name-not-found', { server: host }, { details: { server: label, host } });
}

/**
 * An open TCP connection to the first of the addresses that accepts one; all are tried at once, because one that
 * swallows packets must not use up the time of the others. Throws ExpectedError `port-closed` (someone refused),
 * `no-route` or `no-answer` (nobody spoke within `timeoutMs`).
 */
export async function openSocket(
  addresses: readonly HostAddress[],
  port: number,
  label: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  signal?.throwIfAborted();
  const sockets = addresses.map(({ address, family }) => connect({ host: address, port, family }));
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const stop = signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, signal]);
  let winner: Socket | undefined;
  try {
    winner = await orAborted(Promise.any(sockets.map(opened)), stop);
    return winner;
  } catch (cause) {
    signal?.throwIfAborted();
    const reasons = cause instanceof AggregateError ? cause.errors.map(errorCode) : [];
    const code = reasons.includes('ECONNREFUSED')
      ? 'port-closed'
      : reasons.some(isUnreachable)
        ? 'no-route'
        : 'no-answer';
    throw connectError(
      code,
      // A name that was typed with its port says it already.
      { server: label.endsWith(`,${port}`) ? label : `${label}, port ${port}` },
      {
        details: { server: label, port, ...(reasons.length > 0 ? { reason: reasons.join(' ') } : {}) },
        cause,
      },
    );
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) if (socket !== winner) socket.destroy();
  }
}

function opened(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // The listener stays: a socket that lost the race may still fail, and nobody else listens.
    socket.on('error', reject);
    socket.once('connect', () => {
      resolve(socket);
    });
  });
}

function isUnreachable(reason: string): boolean {
  return reason === 'EHOSTUNREACH' || reason === 'ENETUNREACH' || reason === 'EADDRNOTAVAIL';
}

/** The code of a system error, such as ECONNREFUSED; empty when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The promise, or the reason of the signal as soon as it is aborted. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) onAbort();
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
