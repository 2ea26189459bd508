import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readUnit, type UnitState } from './unit-state.ts';

/** A computer that is run by an imitated systemd, below a folder. */
export type FakeComputer = {
  readonly root: string;
  /** What a process has to have in its environment to take it for its own. */
  readonly environment: Readonly<Record<string, string>>;
  unit(service: string): UnitState;
  /** What its services said on their consoles. */
  output(service: string): string;
};

export function fakeComputer(folder: string): FakeComputer {
  const root = join(folder, 'computer');
  const programs = join(folder, 'programs');
  for (const path of ['etc/systemd/system', 'run/systemd/system', 'opt', 'var/lib', 'var/log'])
    mkdirSync(join(root, path), { recursive: true });
  mkdirSync(programs);
  const systemctl = join(import.meta.dirname, 'systemctl.ts');
  program(
    'systemctl',
    `exec "${process.execPath}" --disable-warning=ExperimentalWarning "${systemctl}" "$@"`,
  );
  // As on a computer whose systemd does not encrypt credentials yet: nothing of the real one may be touched.
  program('systemd-creds', 'exit 1');
  return {
    root,
    environment: { STOREDB_MACHINE_ROOT: root, PATH: `${programs}:${process.env.PATH}` },
    unit: (service) => readUnit(root, `${service}.service`),
    output: (service) => {
      try {
        return readFileSync(join(root, 'run/fake-systemd', `${service}.service.output`), 'utf8');
      } catch {
        return '';
      }
    },
  };

  function program(name: string, script: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }
}
