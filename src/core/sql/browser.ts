import { createSocket, type RemoteInfo } from 'node:dgram';
import { connectError } from './connect-errors.ts';
import type { HostAddress } from './reach.ts';
import type { ServerName } from './server-name.ts';

/** One instance as SQL Server Browser reports it. No `tcpPort` means that TCP/IP is switched off. */
export type BrowserInstance = {
  readonly server: string;
  readonly instance: string;
  readonly version: string;
  readonly tcpPort?: number;
};

export type BrowserOptions = {
  /** UDP port of SQL Server Browser; 1434 but for tests. */
  readonly port?: number;
  /** How long one of the three attempts waits; milliseconds. */
  readonly waitMs?: number;
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
};

const oneInstance = 0x04;
const allInstances = 0x03;
const response = 0x05;

/**
 * Finds the TCP port of a named instance through SQL Server Browser (MC-SQLR, UDP 1434). Throws ExpectedError
 * `browser-silent`, `instance-unknown` (with the instances that exist there) or `tcp-off`.
 *
 * The driver's own lookup is not used: it always sends four datagrams one after the other and reports a missing
 * Browser as a timeout of the whole connection.
 */
export async function findInstancePort(
  name: ServerName & { readonly instance: string },
  addresses: readonly HostAddress[],
  options: BrowserOptions = {},
): Promise<number> {
  const context = { server: name.label };
  const asked = await ask(addresses, instanceQuestion(name.instance), options);
  const found = asked && parseBrowserAnswer(asked).find((each) => isSame(each.instance, name.instance));
  if (found?.tcpPort !== undefined) return found.tcpPort;
  if (found) throw connectError('tcp-off', context, { details: { instance: found.instance } });

  // Browser does not answer a question for an instance that it does not know: ask what there is.
  const all = await listInstances(addresses, { ...options, attempts: 1 });
  if (all === undefined)
    throw connectError('browser-silent', context, { details: { instance: name.instance } });
  const listed = all.find((each) => isSame(each.instance, name.instance));
  if (listed?.tcpPort !== undefined) return listed.tcpPort;
  if (listed) throw connectError('tcp-off', context, { details: { instance: listed.instance } });
  const names = all.map((each) => each.instance).join(', ');
  throw connectError('instance-unknown', context, {
    add:
      names === ''
        ? 'SQL Server Browser there reports no instance.'
        : `SQL Server Browser there reports: ${names}.`,
    details: { instance: name.instance, instances: names },
  });
}

/** All instances that Browser at these addresses reports; undefined when nothing answered. */
export async function listInstances(
  addresses: readonly HostAddress[],
  options: BrowserOptions = {},
): Promise<readonly BrowserInstance[] | undefined> {
  const answer = await ask(addresses, Buffer.from([allInstances]), options);
  return answer && parseBrowserAnswer(answer);
}

/**
 * Reads `05 length16 text`, where the text is `ServerName;X;InstanceName;Y;...;tcp;49172;;` once per instance. An
 * answer that is not one gives no instances.
 */
export function parseBrowserAnswer(answer: Uint8Array): readonly BrowserInstance[] {
  const buffer = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  if (buffer.length < 3 || buffer[0] !== response) return [];
  const text = buffer.subarray(3, 3 + buffer.readUInt16LE(1)).toString('latin1');
  return text.split(';;').flatMap((part) => {
    const words = part.split(';');
    const facts = new Map<string, string>();
    for (let i = 0; i + 1 < words.length; i += 2)
      facts.set((words[i] ?? '').toLowerCase(), words[i + 1] ?? '');
    const instance = facts.get('instancename');
    if (instance === undefined || instance === '') return [];
    const port = Number(facts.get('tcp'));
    const hasPort = Number.isInteger(port) && port > 0 && port < 65536;
    return [
      {
        server: facts.get('servername') ?? '',
        instance,
        version: facts.get('version') ?? '',
        ...(hasPort ? { tcpPort: port } : {}),
      },
    ];
  });
}

function instanceQuestion(instance: string): Buffer {
  return Buffer.concat([Buffer.from([oneInstance]), Buffer.from(instance, 'latin1'), Buffer.from([0])]);
}

function isSame(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}

/** The first answer that comes from an asked address and port; undefined when the attempts are used up. */
async function ask(
  addresses: readonly HostAddress[],
  question: Buffer,
  { port = 1434, waitMs = 1000, attempts = 3, signal }: BrowserOptions,
): Promise<Buffer | undefined> {
  signal?.throwIfAborted();
  const cleanUp: (() => void)[] = [];
  try {
    return await new Promise<Buffer | undefined>((resolve, reject) => {
      const onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      cleanUp.push(() => signal?.removeEventListener('abort', onAbort));

      const sends = addresses.map(({ address, family }) => {
        const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
        cleanUp.push(() => socket.close());
        // An ICMP refusal or a missing IPv6 route is one silent address; others may still answer.
        socket.on('error', () => undefined);
        socket.on('message', (message, from) => {
          if (isFrom(from, address, port) && message[0] === response) resolve(message);
        });
        return () => socket.send(question, port, address, () => undefined);
      });

      let sent = 0;
      const attempt = () => {
        if (sent === attempts) return resolve(undefined);
        sent += 1;
        for (const send of sends) send();
      };
      attempt();
      const timer = setInterval(attempt, waitMs);
      cleanUp.push(() => clearInterval(timer));
    });
  } finally {
    for (const each of cleanUp) each();
  }
}

/** Anything may send a datagram to an open port; only the asked server's answer counts. */
function isFrom(from: RemoteInfo, address: string, port: number): boolean {
  return from.port === port && from.address.split('%')[0] === address.split('%')[0];
}
