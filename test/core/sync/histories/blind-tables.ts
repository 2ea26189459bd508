import type { CycleResult } from '../../../../src/core/sync/events.ts';
import { repairDatabase } from './databases.ts';
import { type Place, profile, type Register, type TableName, tableNames } from './small-shop.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

/** Tables whose tracking triggers are switched off, and what the product has to say of them. */
export class BlindTables {
  readonly #off = new Map<Place, ReadonlySet<TableName>>();

  at(place: Place): ReadonlySet<TableName> {
    return this.#off.get(place) ?? new Set();
  }

  /** The database is another one, or an earlier one. */
  set(place: Place, tables: ReadonlySet<TableName>): void {
    this.#off.set(place, tables);
  }

  async switchOff(world: World, place: Place, on: TableName): Promise<void> {
    world.wear();
    await (await world.session(place)).batch(`DISABLE TRIGGER dbo.${on}_storedb_tracking ON dbo.${on}`);
    this.set(place, new Set([...this.at(place), on]));
  }

  /** Verification names what is off, and a set-up that is run again puts it back and says that changes were missed. */
  async repair(world: World, place: Place): Promise<void> {
    const off = tableNames.filter((table) => this.at(place).has(table));
    if (off.length === 0) return;
    world.wear();
    const role = place === 'store' ? 'store' : 'offline';
    const { verified, warnings } = await repairDatabase(world.sites[place].target, role);
    const told = verified.filter(({ id }) => id === `${role}:trigger-off`).map(({ message }) => message);
    demand(
      told.length === 1 && tablesIn(told[0], /^(.+) in the /) === inOrder(off),
      'verification names the triggers that are off',
      () => `${place}: ${off.join(', ')}; ${JSON.stringify(verified)}`,
    );
    const missed = warnings.filter(({ code }) => code === 'trigger-was-off');
    demand(
      missed.length === off.length,
      'a set-up says what may have been missed',
      () => `${place}: ${off.join(', ')}; ${JSON.stringify(warnings)}`,
    );
    this.set(place, new Set());
  }

  /** Whoever reads changes of a table that nobody writes down says so, each time. */
  checkTold({ scopes }: CycleResult, register: Register): void {
    for (const { scope, direction, findings } of scopes) {
      const tables = profile.scopes.find(({ name }) => name === scope)?.tables ?? [];
      const sources: readonly Place[] =
        direction === 'upload' ? [register] : direction === 'download' ? ['store'] : [register, 'store'];
      for (const place of sources) {
        const off = this.at(place);
        // One who sees no trigger at all cannot tell; verification can.
        const expected =
          off.size === tableNames.length ? [] : tables.filter((table) => off.has(table as TableName));
        const where = place === 'store' ? 'in the store database' : 'in the offline database';
        const told = findings.filter(
          ({ code, message }) => code === 'trigger-off' && message.includes(where),
        );
        demand(
          tablesIn(told[0]?.message, /changes of (.+) go by/) === inOrder(expected),
          'a cycle says which triggers are off',
          () => `${place} ${scope}: ${expected.join(', ')}; ${JSON.stringify(findings)}`,
        );
      }
    }
  }
}

const inOrder = (tables: readonly string[]): string => tables.toSorted().join(', ');
const tablesIn = (message: string | undefined, names: RegExp): string =>
  inOrder(names.exec(message ?? '')?.[1]?.split(', ') ?? []);
