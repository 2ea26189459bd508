/** Runs the programs of FreeTDS (Debian's freetds-bin) on a server of this machine. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

export type FreeTds = {
  /** A SQL prompt; the batches come in on standard input, each ended by GO. */
  tsql(batches: string): Promise<Ended>;
  /** A program for scripts: stops at the first error of severity 11 and more. */
  bsqldb(script: string): Promise<Ended>;
  /** `args` between the table and the server: `out`, a file, `-c`. */
  freebcp(table: string, ...args: readonly string[]): Promise<Ended>;
  /** Files of this client, its configuration among them; gone with `remove`. */
  readonly folder: string;
  remove(): void;
};

export type FreeTdsOptions = {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** '7.1' to '7.4'. */
  readonly version: string;
  /** FreeTDS' words: without TLS but for the login, TLS if the server has it, TLS or nothing. */
  readonly encryption: 'off' | 'request' | 'require';
};

/** Whether the programs are installed. */
export function hasFreeTds(): boolean {
  return spawnSync('tsql', ['-C'], { stdio: 'ignore' }).status === 0;
}

export function freeTds({ port, user, password, version, encryption }: FreeTdsOptions): FreeTds {
  const folder = mkdtempSync(join(tmpdir(), 'storedb-freetds-'));
  const configuration = join(folder, 'freetds.conf');
  writeFileSync(
    configuration,
    `[practice]\n host = 127.0.0.1\n port = ${port}\n tds version = ${version}\n encryption = ${encryption}\n client charset = UTF-8\n text size = 1000000\n`,
  );
  const login = ['-S', 'practice', '-U', user, '-P', password];
  const run = (program: string, args: readonly string[], input = ''): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: folder,
        env: { ...process.env, FREETDSCONF: configuration, LC_ALL: 'C.UTF-8' },
        timeout: 30_000,
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, stdout, stderr }));
      child.stdin.on('error', () => {});
      child.stdin.end(input);
    });
  return {
    folder,
    tsql: (batches) => run('tsql', [...login, '-o', 'qh'], batches),
    bsqldb: (script) => run('bsqldb', [...login, '-q', '-h', '-t', '|'], script),
    freebcp: (table, ...args) => run('freebcp', [table, ...args, ...login]),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
