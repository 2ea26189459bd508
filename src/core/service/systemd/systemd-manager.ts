import { constants } from 'node:fs';
import { access, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFile } from 'atomically';
import { ExpectedError } from '../../errors.ts';
import type { Finding } from '../../plan/plan.ts';
import type { MachinePlaces } from '../machine/places.ts';
import type { ProgramEnd, Programs } from '../machine/programs.ts';
import type { ManagedService, ServiceManager } from '../manager.ts';
import { unitFile } from './unit.ts';

/** The first version that hands credentials to a service (v247). */
const leastVersion = 247;

/** systemd through `systemctl` and a unit file; `isEncrypted` = the passwords are kept encrypted. */
export function systemdManager(
  places: MachinePlaces,
  programs: Programs,
  isEncrypted: boolean,
): ServiceManager {
  const unit = (name: string) => `${name}.service`;
  const path = (name: string) => join(places.units, unit(name));
  const ask = async (...args: readonly string[]) => {
    const end = await programs.run('systemctl', ['--no-pager', ...args]);
    if (end.code !== 0) throw refused(args, end);
    return end;
  };
  return {
    async hindrance() {
      return await hindranceOf(places, programs);
    },
    async find(name) {
      const { stdout } = await ask('show', unit(name), `--property=${properties.join(',')}`);
      return managedOf(stdout);
    },
    async isInstalled(definition) {
      const there = await readFile(path(definition.name), 'utf8').catch(() => undefined);
      if (there !== unitFile(definition, places, isEncrypted)) return false;
      return (await programs.run('systemctl', ['is-enabled', unit(definition.name)])).code === 0;
    },
    async install(definition) {
      await writeFile(path(definition.name), unitFile(definition, places, isEncrypted), { mode: 0o644 });
      await ask('daemon-reload');
      await ask('enable', unit(definition.name));
      return [];
    },
    async start(name) {
      await ask('reset-failed', unit(name)).catch(() => undefined);
      await ask('start', '--no-block', unit(name));
    },
    async stop(name) {
      await ask('stop', unit(name));
    },
    async uninstall(name) {
      if ((await stat(path(name)).catch(() => undefined)) === undefined) return;
      await ask('disable', unit(name));
      await rm(path(name), { force: true });
      await ask('daemon-reload');
      await ask('reset-failed', unit(name)).catch(() => undefined);
    },
    // The original is a program of Windows.
    former: async () => [],
    retire: async () => undefined,
    restore: async () => undefined,
  };
}

async function hindranceOf(places: MachinePlaces, programs: Programs): Promise<Finding | undefined> {
  // sd_booted(3): the folder is there exactly where systemd runs the computer.
  if ((await stat(places.systemd).catch(() => undefined)) === undefined)
    return {
      code: 'no-service-manager',
      message:
        'This computer is not run by systemd (a container, perhaps): no service can be installed here.',
      hint: 'Let whatever starts programs here run "storedb sync run ANSWERS"; it synchronises until it is stopped.',
    };
  const { code, stdout } = await programs.run('systemctl', ['--version']);
  const version = Number(/^systemd (\d+)/.exec(stdout)?.[1]);
  if (code !== 0 || version < leastVersion)
    return {
      code: 'service-manager-old',
      message: `The service needs systemd ${leastVersion} or later; this computer has ${code === 0 ? version : 'no systemctl'}.`,
      hint: 'Run "storedb sync run ANSWERS" from whatever starts programs here, or update the computer.',
    };
  try {
    await access(places.units, constants.W_OK);
    return undefined;
  } catch {
    return {
      code: 'administrator-needed',
      message: 'Only root may install a service.',
      hint: 'Have an administrator run: sudo storedb service install ANSWERS',
    };
  }
}

const properties = [
  'LoadState',
  'ActiveState',
  'Result',
  'MainPID',
  'ExecMainStatus',
  'UnitFileState',
  'NRestarts',
] as const;

const states: Readonly<Record<string, ManagedService['state']>> = {
  active: 'running',
  reloading: 'running',
  activating: 'starting',
  deactivating: 'stopping',
  failed: 'failed',
  inactive: 'stopped',
};

function managedOf(text: string): ManagedService | undefined {
  const value = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  if (value.get('LoadState') !== 'loaded') return undefined;
  const processId = Number(value.get('MainPID'));
  const result = value.get('Result');
  const status = value.get('ExecMainStatus');
  return {
    state: states[value.get('ActiveState') ?? ''] ?? 'stopped',
    startsWithMachine: value.get('UnitFileState') === 'enabled',
    processId: processId > 0 ? processId : undefined,
    problem: problemOf(result, status),
    restarts: Number(value.get('NRestarts')) || 0,
  };
}

/** systemd.exec(5), "Process Exit Codes": 203 to 243 are failures of systemd's own before the program began. */
function problemOf(result = 'success', status = '0'): string | undefined {
  if (result === 'watchdog') return 'it did not move any more, and systemd ended it';
  if (result === 'timeout') return 'it took too long';
  if (status === '203') return 'the executable cannot be run';
  if (status === '243') return 'systemd could not hand the passwords over (credentials)';
  if (Number(status) >= 200) return `systemd could not prepare its start (status ${status})`;
  if (status !== '0') return `it ended with exit code ${status}`;
  return result === 'success' ? undefined : result;
}

function refused(args: readonly string[], { code, stderr }: ProgramEnd): ExpectedError {
  const said = stderr.trim().split('\n')[0] ?? '';
  const isForbidden = /access denied|authentication|permission/i.test(said);
  return new ExpectedError({
    code: isForbidden ? 'administrator-needed' : 'service-manager-refused',
    exit: 'prerequisite',
    message: `systemctl ${args.join(' ')} failed: ${said === '' ? `exit code ${code}` : said}`,
    hint: isForbidden ? 'Run this as root (sudo).' : 'Look at: journalctl -xe',
    details: { exitCode: code ?? -1 },
  });
}
