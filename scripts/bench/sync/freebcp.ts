import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerAddress } from '../practice/server.ts';

/** Whether Debian's freetds-bin is installed. */
export const hasFreebcp = (): boolean =>
  spawnSync('freebcp', ['-v'], { stdio: 'ignore' }).error === undefined;

/** `freebcp` out of one table and into another, as characters (-c) or in its native form (-n), over TLS as we do. */
export async function copyByFreebcp(
  { server, user, password }: ServerAddress,
  from: string,
  to: string,
  form: '-c' | '-n',
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'storedb-bench-'));
  try {
    const port = server.split(',')[1];
    const configuration = join(folder, 'freetds.conf');
    writeFileSync(
      configuration,
      `[practice]\n host = 127.0.0.1\n port = ${port}\n tds version = 7.4\n encryption = require\n client charset = UTF-8\n`,
    );
    const file = join(folder, 'rows');
    const run = (table: string, direction: 'out' | 'in') =>
      new Promise<void>((resolve, reject) => {
        const args = [table, direction, file, form, '-S', 'practice', '-U', user, '-P', password];
        const env = { ...process.env, FREETDSCONF: configuration, LC_ALL: 'C.UTF-8' };
        const child = spawn('freebcp', args, { env, stdio: 'ignore' });
        child.on('error', reject);
        child.on('close', (status) =>
          status === 0 ? resolve() : reject(new Error(`freebcp ended with ${status}`)),
        );
      });
    await run(from, 'out');
    await run(to, 'in');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
