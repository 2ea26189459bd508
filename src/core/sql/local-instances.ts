import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { type BrowserInstance, listInstances } from './browser.ts';

/** A SQL Server on this computer, offered as a default. */
export type LocalInstance = {
  /** What to type for it: `.` or `.\SQLEXPRESS`. */
  readonly server: string;
  readonly isTcpEnabled: boolean;
  /** Where it listens, when that could be found out. */
  readonly port?: number;
};

/** What the search may touch; each may fail or hang, which only means that it found nothing. */
export type LocalInstancePorts = {
  readonly platform: NodeJS.Platform;
  /** The output of `reg query KEY /s`. */
  readonly readRegistry: (key: string, signal: AbortSignal) => Promise<string>;
  /** What SQL Browser of this computer reports. */
  readonly askBrowser: (signal: AbortSignal) => Promise<readonly BrowserInstance[] | undefined>;
  /** Whether something listens on the port of 127.0.0.1. */
  readonly isListening: (port: number, signal: AbortSignal) => Promise<boolean>;
};

const root = 'HKLM\\SOFTWARE\\Microsoft\\Microsoft SQL Server';
const defaultPort = 1433;

const systemPorts: LocalInstancePorts = {
  platform: process.platform,
  readRegistry: async (key, signal) => {
    const { stdout } = await promisify(execFile)('reg', ['query', key, '/s', '/reg:64'], {
      signal,
      windowsHide: true,
    });
    return stdout;
  },
  askBrowser: (signal) =>
    listInstances([{ address: '127.0.0.1', family: 4 }], { waitMs: 500, attempts: 2, signal }),
  isListening: (port, signal) =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      const finish = (isOpen: boolean) => {
        socket.destroy();
        resolve(isOpen);
      };
      socket.once('connect', () => finish(true));
      socket.once('error', () => finish(false));
      signal.addEventListener('abort', () => finish(false), { once: true });
    }),
};

/**
 * The SQL Server instances of this computer, the default instance first. On Windows the registry knows them, also
 * when SQL Browser is stopped; elsewhere Browser and port 1433 are asked. Never throws and takes at most `limitMs`:
 * it only proposes, and a technician waits for it.
 */
export async function findLocalInstances(
  ports: LocalInstancePorts = systemPorts,
  limitMs = 2000,
): Promise<readonly LocalInstance[]> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limitMs);
  const search =
    ports.platform === 'win32' ? fromRegistry(ports, stop.signal) : fromNetwork(ports, stop.signal);
  const limit = new Promise<readonly LocalInstance[]>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve([]), { once: true });
  });
  try {
    return inOrder(await Promise.race([search, limit]));
  } catch {
    // No registry key, no reg.exe, no network: nothing to propose.
    return [];
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

async function fromRegistry(
  ports: LocalInstancePorts,
  signal: AbortSignal,
): Promise<readonly LocalInstance[]> {
  const names = registryValues(await ports.readRegistry(`${root}\\Instance Names\\SQL`, signal));
  return Promise.all(
    [...names].map(async ([name, id]) => {
      const key = `${root}\\${id}\\MSSQLServer\\SuperSocketNetLib\\Tcp`;
      const text = await ports.readRegistry(key, signal).catch(() => '');
      const own = registryValues(section(text, '\\Tcp'));
      const all = registryValues(section(text, '\\IPAll'));
      // IPAll decides while "listen on all addresses" is on, which is how setup leaves it.
      const port = portNumber(all.get('TcpPort')) ?? portNumber(all.get('TcpDynamicPorts'));
      return {
        server: typed(name),
        // Unreadable means unknown; then let the technician try.
        isTcpEnabled: Number(own.get('Enabled') ?? 1) === 1,
        ...(port === undefined ? {} : { port }),
      };
    }),
  );
}

async function fromNetwork(
  ports: LocalInstancePorts,
  signal: AbortSignal,
): Promise<readonly LocalInstance[]> {
  const [reported, isDefaultThere] = await Promise.all([
    ports.askBrowser(signal).catch(() => undefined),
    ports.isListening(defaultPort, signal).catch(() => false),
  ]);
  const found: LocalInstance[] = (reported ?? []).map(({ instance, tcpPort }) => ({
    server: typed(instance),
    isTcpEnabled: tcpPort !== undefined,
    ...(tcpPort === undefined ? {} : { port: tcpPort }),
  }));
  const isKnown = found.some((each) => each.port === defaultPort || each.server === '.');
  if (isDefaultThere && !isKnown) found.push({ server: '.', isTcpEnabled: true, port: defaultPort });
  return found;
}

function typed(instance: string): string {
  return instance.toUpperCase() === 'MSSQLSERVER' ? '.' : `.\\${instance}`;
}

function inOrder(found: readonly LocalInstance[]): readonly LocalInstance[] {
  return found.toSorted((one, other) => one.server.localeCompare(other.server));
}

/** `    NAME    REG_SZ    VALUE` lines of reg.exe; a REG_DWORD is written 0x1. */
function registryValues(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^\s+(\S.*?)\s+REG_\w+[^\S\r\n]*(.*?)\s*$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

/** The lines under the key whose path ends so; reg.exe writes each key's path at the beginning of a line. */
function section(text: string, ending: string): string {
  const blocks = text.split(/\r?\n(?=HKEY_)/);
  return blocks.find((block) => (block.trimStart().split(/\r?\n/)[0] ?? '').trimEnd().endsWith(ending)) ?? '';
}

function portNumber(text: string | undefined): number | undefined {
  const port = Number((text ?? '').split(',')[0]);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}
