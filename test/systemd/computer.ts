import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const project = join(import.meta.dirname, '..', '..');
/** Where a control group of our own goes: the unified hierarchy, by itself or beside the old ones. */
const hierarchies = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'];

/** A computer that is run by the real systemd, in namespaces of its own; the network is this computer's. */
export type Computer = {
  /** Runs a program there; the project is at /project. */
  run(
    command: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  stop(): Promise<void>;
};

/** Undefined where namespaces, control groups or systemd cannot be had; needs root. */
export async function bootComputer(): Promise<Computer | undefined> {
  const hierarchy = hierarchies.find((path) => existsSync(join(path, 'cgroup.procs')));
  if (process.getuid?.() !== 0 || hierarchy === undefined || !existsSync('/lib/systemd/systemd'))
    return undefined;
  const work = mkdtempSync(join(tmpdir(), 'storedb-systemd-'));
  const group = join(hierarchy, `storedb-test-${process.pid}`);
  mkdirSync(group, { recursive: true });
  const boot = `echo $$ > '${group}/cgroup.procs' && exec unshare --mount --pid --cgroup --ipc --fork --kill-child --propagation private '${join(import.meta.dirname, 'boot.sh')}' '${work}' '${project}'`;
  const outer = spawn('/bin/sh', ['-c', boot], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => outer.once('exit', () => resolve()));
  const stop = async () => {
    outer.kill('SIGKILL');
    await ended;
    for (let attempt = 0; attempt < 50 && existsSync(group); attempt += 1) {
      await delay(100);
      removeGroups(group);
    }
    rmSync(work, { recursive: true, force: true });
  };
  const run: Computer['run'] = (command, environment = {}) =>
    new Promise((resolve) => {
      const words = Object.entries({ HOME: '/root', LC_ALL: 'C', ...environment }).map(
        ([key, value]) => `${key}=${value}`,
      );
      const inside = ['-t', String(init), '-m', '-p', '-C', '-i', '-r', '-w', '/usr/bin/env', ...words];
      execFile('nsenter', [...inside, ...command], { encoding: 'utf8' }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  let init = 0;
  for (let attempt = 0; attempt < 300 && outer.exitCode === null; attempt += 1) {
    init = childOf(outer);
    if (init > 0 && (await run(['systemctl', 'is-active', 'basic.target'])).code === 0) return { run, stop };
    await delay(200);
  }
  await stop();
  return undefined;
}

/** The first process of the new namespaces. */
function childOf({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
  } catch {
    return 0;
  }
}

/** From the leaves: a control group with others in it cannot be removed. */
function removeGroups(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) removeGroups(join(path, entry.name));
    rmdirSync(path);
  } catch {
    // A process in it is still ending; the caller tries again.
  }
}
