import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { TestServer } from './store-runs.ts';

const entry = join(import.meta.dirname, '../../../src/practice/serve.ts');

/**
 * The server that STOREDB_TEST_SERVER, _USER and _PASSWORD name, or a practice server in a process of its own, which
 * ends with `stop` or with this process.
 */
export async function startTestServer(): Promise<TestServer & { readonly stop: () => Promise<void> }> {
  const {
    STOREDB_TEST_SERVER: server,
    STOREDB_TEST_USER: user,
    STOREDB_TEST_PASSWORD: password,
  } = process.env;
  if (server !== undefined && user !== undefined && password !== undefined)
    return { server, user, password, stop: async () => undefined };
  const child = fork(entry, ['--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The practice server ended with ${code} before it was ready.`)),
    );
  });
  const started: TestServer = JSON.parse(line);
  return {
    ...started,
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
