import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the imitated systemd knows of one unit; kept in a file, because every `systemctl` is a process of its own. */
export type UnitState = {
  readonly ActiveState: 'inactive' | 'activating' | 'active' | 'deactivating' | 'failed';
  readonly MainPID: number;
  readonly ExecMainStatus: number;
  readonly NRestarts: number;
  readonly UnitFileState: 'enabled' | 'disabled';
  /** The process that supervises the unit; 0 = none. */
  readonly supervisor: number;
  /** Everything that the service said to its notify socket. */
  readonly notified: readonly string[];
};

const fresh: UnitState = {
  ActiveState: 'inactive',
  MainPID: 0,
  ExecMainStatus: 0,
  NRestarts: 0,
  UnitFileState: 'disabled',
  supervisor: 0,
  notified: [],
};

export const unitPath = (root: string, unit: string) => join(root, 'etc/systemd/system', unit);
const statePath = (root: string, unit: string) => join(root, 'run/fake-systemd', `${unit}.json`);

export function readUnit(root: string, unit: string): UnitState {
  const path = statePath(root, unit);
  return existsSync(path) ? { ...fresh, ...JSON.parse(readFileSync(path, 'utf8')) } : fresh;
}

export function changeUnit(root: string, unit: string, change: Partial<UnitState>): void {
  mkdirSync(join(root, 'run/fake-systemd'), { recursive: true });
  const path = statePath(root, unit);
  writeFileSync(`${path}.${process.pid}`, JSON.stringify({ ...readUnit(root, unit), ...change }));
  renameSync(`${path}.${process.pid}`, path);
}
