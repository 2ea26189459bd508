// Runs one unit as systemd does: credentials in a folder of their own, a notify socket, next to nothing in the
// environment, and a new start when the process ends without having been asked to.
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listenForNotify } from '../core/service/notify-listener.ts';
import { changeUnit, readUnit, unitPath } from './unit-state.ts';

const [root = '', unit = ''] = process.argv.slice(2);
const text = readFileSync(unitPath(root, unit), 'utf8');
const settings = (key: string) =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value.replaceAll('%%', '%'));

const runtime = mkdtempSync(join(tmpdir(), 'fake-systemd-'));
const credentials = join(runtime, 'credentials');
mkdirSync(credentials, { mode: 0o700 });
const listener = listenForNotify(join(runtime, 'notify'));
mkdirSync(join(root, 'run/fake-systemd'), { recursive: true });
const output = openSync(join(root, 'run/fake-systemd', `${unit}.output`), 'a');

let child: ChildProcess | undefined;
let isStopping = false;
process.on('SIGTERM', () => {
  isStopping = true;
  changeUnit(root, unit, { ActiveState: 'deactivating' });
  child?.kill('SIGTERM');
});

changeUnit(root, unit, { supervisor: process.pid });
for (let restarts = 0; !isStopping; restarts += 1) {
  changeUnit(root, unit, { ActiveState: 'activating', NRestarts: restarts, MainPID: 0 });
  const { code } = await runOnce();
  changeUnit(root, unit, { MainPID: 0, ExecMainStatus: code });
  if (!isStopping) await delay(200);
}
listener.close();
rmSync(runtime, { recursive: true, force: true });
changeUnit(root, unit, { ActiveState: 'inactive', supervisor: 0 });

function handCredentials(): void {
  for (const line of settings('LoadCredential')) {
    const [name = '', path = ''] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)];
    copyFileSync(path, join(credentials, name));
  }
}

async function runOnce(): Promise<{ readonly code: number }> {
  handCredentials();
  // No path of a test has blanks or quotes, which is all that the unit's own quoting is about.
  const [program = '', ...args] = (settings('ExecStart')[0] ?? '').split(' ');
  child = spawn(program, args, {
    stdio: ['ignore', output, output],
    env: {
      PATH: '/usr/bin:/bin',
      NOTIFY_SOCKET: listener.path,
      CREDENTIALS_DIRECTORY: credentials,
      STOREDB_MACHINE_ROOT: root,
    },
  });
  const ended = new Promise<number>((resolve) => {
    child?.once('exit', (code) => resolve(code ?? 9));
    child?.once('error', () => resolve(203));
  });
  changeUnit(root, unit, { MainPID: child.pid ?? 0 });
  const hearing = setInterval(hear, 50);
  const code = await ended;
  clearInterval(hearing);
  hear();
  return { code };
}

function hear(): void {
  const notified = listener.received();
  const before = readUnit(root, unit);
  if (notified.length === before.notified.length) return;
  const news = notified.slice(before.notified.length);
  const isReady = news.some((message) => message.startsWith('READY=1'));
  changeUnit(root, unit, { notified, ...(isReady && { ActiveState: 'active' }) });
}
