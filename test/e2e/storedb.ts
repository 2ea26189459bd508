import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import sql from 'mssql';

/** The program under test: the bundle, or the executable that STOREDB_TEST_PROGRAM names. */
const program =
  process.env.STOREDB_TEST_PROGRAM ?? join(import.meta.dirname, '..', '..', 'dist', 'app', 'main.mjs');
if (!existsSync(program)) throw new Error(`${program} is missing: run "node build.mjs --bundle" first`);
/** The command that runs it: the executable by itself, the bundle on this Node. */
export const command: readonly [string, ...string[]] = program.endsWith('.mjs')
  ? [process.execPath, program]
  : [program];

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type Running = {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly finished: Promise<Finished>;
};

/** A folder of its own for one test file: answers, logs and what storedb remembers lie in it. */
export class Workplace {
  readonly folder: string;
  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'storedb-e2e-')));
  }

  get logs(): string {
    return join(this.folder, 'logs');
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const [file, ...first] = command;
    const child = spawn(file, [...first, '--log-dir', this.logs, ...args], {
      cwd: this.folder,
      env: { ...process.env, STOREDB_STATE_DIR: join(this.folder, 'state'), NO_COLOR: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const finished = new Promise<Finished>((resolve, reject) => {
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
    return { child, finished };
  }

  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const { child, finished } = this.start(args, env);
    child.stdin.end();
    return await finished;
  }

  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text);
    return path;
  }

  /** The text of everything that was left behind: logs, state, answers. */
  async everythingWritten(): Promise<string> {
    const names = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    const texts = await Promise.all(
      files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
    );
    return texts.join('\n');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** `storedb practice --json` as a process, and connections to it. */
export class PracticeServer {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly #running: Running;

  private constructor(running: Running, first: { server: string; user: string; password: string }) {
    this.#running = running;
    this.server = first.server;
    this.user = first.user;
    this.password = first.password;
  }

  static async start(place: Workplace, args: readonly string[] = []): Promise<PracticeServer> {
    const running = place.start(['practice', '--json', ...args]);
    const lines = createInterface({ input: running.child.stdout });
    const first = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      running.finished.then(
        ({ stderr }) => reject(new Error(`the practice server ended: ${stderr}`)),
        reject,
      );
    });
    return new PracticeServer(running, JSON.parse(first));
  }

  /** The answers for a store database on this server; the password stands in STORE_PASSWORD. */
  answers(database: string, more = ''): string {
    return [
      'version: 1',
      'task: store-database',
      'storeDatabase:',
      `  server: '${this.server}'`,
      `  name: '${database.replaceAll("'", "''")}'`,
      `  auth: { kind: sql, user: ${this.user}, password: env:STORE_PASSWORD }`,
      'options: { encryption: trust }',
      more,
    ].join('\n');
  }

  get environment(): Readonly<Record<string, string>> {
    return { STORE_PASSWORD: this.password };
  }

  async connect(database = 'master'): Promise<sql.ConnectionPool> {
    const [host = '', port] = this.server.split(',');
    const pool = new sql.ConnectionPool({
      server: host,
      port: Number(port),
      user: this.user,
      password: this.password,
      database,
      options: { encrypt: true, trustServerCertificate: true },
    });
    return await pool.connect();
  }

  async stop(): Promise<void> {
    this.#running.child.kill('SIGTERM');
    await this.#running.finished;
  }
}
