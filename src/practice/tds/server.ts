/** The listening side of the practice server: TDS 7.1 to 7.4 and 8.0 on the loopback interface. */

import { createServer, type Socket } from 'node:net';
import type { Engine } from '../engine/results.ts';
import { selfSigned } from './certificate.ts';
import { serve } from './connection.ts';
import { Link, type PacketVerdict, type WirePacket } from './link.ts';
import type { WindowsUser } from './ntlm.ts';
import type { EncryptionPolicy } from './prelogin.ts';
import { type TlsOptions, tlsContexts } from './tls-layer.ts';

export type { PacketVerdict, WirePacket } from './link.ts';
export type { WindowsUser } from './ntlm.ts';

export type ListenOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  /**
   * What this server does about encryption: `optional` (the default) does what the client wishes, `required` turns
   * clients in clear away, `unsupported` has no TLS at all.
   */
  readonly encryption?: EncryptionPolicy;
  /** Default: a self-signed certificate of its own, made at every start. */
  readonly tls?: Partial<TlsOptions>;
  /** Who may sign in with Windows authentication (NTLM version 2). Default: nobody. */
  readonly windowsUsers?: readonly WindowsUser[];
  /** The name that messages bear. */
  readonly serverName?: string;
  /** Sees every packet of every connection, in both directions, and may lose it or break the connection: for tests. */
  readonly onPacket?: (packet: WirePacket) => PacketVerdict;
  /** Told of bugs of the engine and of what clients did wrong. Default: a line on standard error. */
  readonly onProblem?: (problem: Error) => void;
};

export type Listening = {
  readonly port: number;
  /** PEM, so that a client can be made to trust it; undefined without TLS. */
  readonly certificate: string | undefined;
  /** Ends every connection, waits until their sessions are closed, and lets nobody in while `meanwhile` is at work. */
  interrupt(meanwhile?: () => Promise<void>): Promise<void>;
  /** Ends every connection, waits until their sessions are closed, and frees the port. */
  close(): Promise<void>;
};

function certified(options: ListenOptions['tls'] = {}): TlsOptions {
  const { certificate, key } = options;
  if (certificate !== undefined && key !== undefined) return { ...options, certificate, key };
  const own = selfSigned();
  return { ...options, certificate: own.certificate, key: own.key };
}

/** Listens on 127.0.0.1. Rejects when the port cannot be had. */
export async function listen(engine: Engine, options: ListenOptions): Promise<Listening> {
  const encryption = options.encryption ?? 'optional';
  const tls = encryption === 'unsupported' ? undefined : certified(options.tls);
  const contexts = tls && tlsContexts(tls);
  const onProblem =
    options.onProblem ?? ((problem) => process.stderr.write(`practice server: ${problem.message}\n`));
  const { serverName = 'PRACTICE', windowsUsers = [] } = options;
  const open = new Map<Socket, Promise<void>>();
  let connections = 0;
  let interruptions = 0;
  const endAll = async (): Promise<void> => {
    const served = [...open.values()];
    for (const socket of open.keys()) socket.destroy();
    await Promise.all(served);
  };

  const server = createServer((socket) => {
    if (interruptions > 0) {
      socket.destroy();
      return;
    }
    const link = new Link(socket, ++connections, { tls: contexts, onPacket: options.onPacket, onProblem });
    const served = serve(link, engine, { encryption, serverName, windowsUsers, onProblem });
    open.set(
      socket,
      served.finally(() => open.delete(socket)),
    );
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: '127.0.0.1' }, () => {
      server.off('error', reject);
      server.on('error', onProblem);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the practice server has no port');

  return {
    port: address.port,
    certificate: tls?.certificate,
    async interrupt(meanwhile = async () => {}) {
      interruptions += 1;
      try {
        await endAll();
        await meanwhile();
      } finally {
        interruptions -= 1;
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await endAll();
      await closed;
    },
  };
}
