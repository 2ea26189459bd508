// `systemctl` for tests: the commands that storedb gives, on units below STOREDB_MACHINE_ROOT. `start` runs the real
// service process under supervisor.ts.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { changeUnit, readUnit, unitPath } from './unit-state.ts';

const root = process.env.STOREDB_MACHINE_ROOT ?? '';
const words = process.argv.slice(2).filter((word) => !word.startsWith('--') || word === '--version');
const [command = '', unit = ''] = words;

process.exitCode = await run();

async function run(): Promise<number> {
  switch (command) {
    case '--version':
      process.stdout.write('systemd 252 (imitated)\n');
      return 0;
    case 'daemon-reload':
    case 'reset-failed':
      return 0;
    case 'enable':
    case 'disable':
      if (!existsSync(unitPath(root, unit))) return missing();
      changeUnit(root, unit, { UnitFileState: command === 'enable' ? 'enabled' : 'disabled' });
      return 0;
    case 'is-enabled':
      return readUnit(root, unit).UnitFileState === 'enabled' ? 0 : 1;
    case 'show': {
      const { supervisor: _, notified: __, ...state } = readUnit(root, unit);
      const loaded = existsSync(unitPath(root, unit)) ? 'loaded' : 'not-found';
      const result = state.ActiveState === 'failed' ? 'exit-code' : 'success';
      for (const [key, value] of Object.entries({ LoadState: loaded, Result: result, ...state }))
        process.stdout.write(`${key}=${value}\n`);
      return 0;
    }
    case 'start':
      if (!existsSync(unitPath(root, unit))) return missing();
      changeUnit(root, unit, { ActiveState: 'activating', notified: [], NRestarts: 0, ExecMainStatus: 0 });
      spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts'), root, unit], {
        detached: true,
        stdio: 'ignore',
      }).unref();
      return 0;
    case 'stop':
      return await stop();
    default:
      process.stderr.write(`The imitated systemctl does not know ${command}.\n`);
      return 1;
  }
}

async function stop(): Promise<number> {
  const { supervisor, ActiveState } = readUnit(root, unit);
  if (supervisor === 0 || ActiveState === 'inactive') return 0;
  process.kill(supervisor, 'SIGTERM');
  while (readUnit(root, unit).supervisor !== 0) await delay(20);
  return 0;
}

function missing(): number {
  process.stderr.write(`Unit ${unit} could not be found.\n`);
  return 5;
}
