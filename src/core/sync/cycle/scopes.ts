import type { SyncDirection } from '../../offline/profile/profile.ts';
import type { SideFound, TrackedTable } from './side-found.ts';

/** A scope as the register's database has it: what it was set up with, whatever the profile says by now. */
export type SyncScope = {
  readonly name: string;
  readonly direction: SyncDirection;
  readonly frequencySeconds: number;
  readonly tables: readonly TrackedTable[];
};

/** In the order of the profile. */
export function scopesOf(register: Pick<SideFound, 'tables'>): readonly SyncScope[] {
  const byScope = Map.groupBy(register.tables.values(), ({ scope }) => scope);
  return [...byScope].flatMap(([name, tables]): SyncScope[] => {
    const [first] = tables;
    if (first === undefined) return [];
    return [{ name, direction: first.direction, frequencySeconds: first.frequencySeconds, tables }];
  });
}
