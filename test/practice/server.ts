/** A practice server in a process of its own for tests, or the server that STOREDB_TEST_SERVER names. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mssql from 'mssql';
import type { Fault } from '../../src/practice/faults/fault.ts';
import type { FaultOrder } from './faulty-process.ts';

export type TestServer = {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** A pool of connections; closed with the server. */
  connect(options?: Partial<mssql.config>): Promise<mssql.ConnectionPool>;
  close(): Promise<void>;
};

type Address = { readonly server: string; readonly user: string; readonly password: string };

export const startTestServer = async (): Promise<TestServer> => {
  const { STOREDB_TEST_SERVER, STOREDB_TEST_USER, STOREDB_TEST_PASSWORD } = process.env;
  if (STOREDB_TEST_SERVER !== undefined) {
    const address = {
      server: STOREDB_TEST_SERVER,
      user: STOREDB_TEST_USER ?? 'sa',
      password: STOREDB_TEST_PASSWORD ?? '',
    };
    return testServer(address, async () => {});
  }
  const { address, end } = await spawnServer('../../src/practice/serve.ts');
  return testServer(address, end);
};

export type FaultyServer = TestServer & {
  /** Failures, see fault.ts: sent over the process' channel, because no client may be able to ask for them. */
  arm(fault: Fault): Promise<void>;
  clear(): Promise<void>;
  /** How often failures have struck. */
  struck(): Promise<number>;
};

/** A practice server in a process of its own that can be made to fail. Never the server of STOREDB_TEST_SERVER. */
export const startFaultyServer = async (): Promise<FaultyServer> => {
  const { child, address, end } = await spawnServer('./faulty-process.ts');
  const order = async (what: FaultOrder): Promise<number> => {
    const answered = once(child, 'message');
    child.send(what);
    const [answer] = (await answered) as [{ readonly struck: number }];
    return answer.struck;
  };
  return {
    ...testServer(address, end),
    arm: async (fault) => void (await order({ arm: fault })),
    clear: async () => void (await order('clear')),
    struck: () => order('count'),
  };
};

const spawnServer = async (path: string) => {
  const script = fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(process.execPath, [script, '--json'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await once(lines, 'line')) as [string];
  const end = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  };
  return { child, address: JSON.parse(line) as Address, end };
};

const testServer = (address: Address, end: () => Promise<void>): TestServer => {
  const pools: mssql.ConnectionPool[] = [];
  const [host = '', port] = address.server.split(',');
  return {
    ...address,
    connect: async (options = {}) => {
      const pool = await new mssql.ConnectionPool({
        server: host,
        ...(port === undefined ? {} : { port: Number(port) }),
        user: address.user,
        password: address.password,
        ...options,
        options: { encrypt: true, trustServerCertificate: true, ...options.options },
      }).connect();
      pools.push(pool);
      return pool;
    },
    close: async () => {
      for (const pool of pools) await pool.close();
      await end();
    },
  };
};
