import { Secret } from '../../../../src/core/secret.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { type Rules, soundRules } from '../../../../src/core/sync/rules.ts';
import { Faults } from '../../../../src/practice/faults/faults.ts';
import { type Backup, type PracticeServer, startPracticeServer } from '../../../../src/practice/index.ts';
import { realServers } from '../../plan/store-runs.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { type DatabasePlace, introduce, makeDatabase } from './databases.ts';
import { Service } from './service.ts';
import { idsOf, type Place, places, type Register, registers, tableNames } from './small-shop.ts';

/** One computer with one database: its practice server in this process, and the failures that it can suffer. */
export type Site = {
  readonly server: PracticeServer;
  readonly faults: Faults;
  readonly target: DatabasePlace;
  /** The same over a line that can be cut. */
  readonly line: CuttingProxy;
  readonly overLine: DatabasePlace;
};

/** How far the clocks of all servers are ahead of this computer's. */
type ServerClock = { aheadMs: number };

/** A store and three registers, each with a server of its own. Everything a history does happens in here. */
export class World {
  readonly sites: Readonly<Record<Place, Site>>;
  readonly #pristine = new Map<Place, Backup>();
  /** A register's database that no store knows. */
  readonly #blank: Backup;
  readonly #sessions = new Map<string, DriverSession>();
  readonly #services = new Map<string, Service>();
  readonly #clock: ServerClock;
  /** Something else than rows has changed since the beginning. */
  #isWorn = false;

  private constructor(sites: Readonly<Record<Place, Site>>, blank: Backup, clock: ServerClock) {
    this.sites = sites;
    this.#clock = clock;
    this.#blank = blank;
  }

  static async open(): Promise<World> {
    const clock = { aheadMs: 0 };
    const sites = Object.fromEntries(
      await Promise.all(places.map(async (place) => [place, await openSite(place, clock)] as const)),
    ) as Record<Place, Site>;
    for (const place of places)
      await makeDatabase(sites[place].target, {
        role: place === 'store' ? 'store' : 'offline',
        // As the channel database of AX has it; one register goes without.
        snapshots: place === 'store' ? 'always' : place === 'r2' ? 'none' : 'allowed',
        isAudited: place === 'store',
      });
    const blank = sites.r1.server.backUp('r1');
    for (const register of registers)
      await introduce(sites.store.target, sites[register].target, idsOf(register));
    const world = new World(sites, blank, clock);
    // Twice: what the first cycle brings is behind the anchors of the way back.
    for (let round = 1; round <= 2; round++)
      for (const register of registers) await world.service(register, soundRules).cycle({ logsIdle: true });
    for (const place of places) {
      await (await world.session(place)).batch(keepRecords);
      await (await world.session(place)).batch(emptied(place));
      world.#pristine.set(place, world.backUp(place));
    }
    return world;
  }

  /** A service of the register that goes on from history to history; `name` tells several apart. */
  service(register: Register, rules: Rules, name = ''): Service {
    const key = `${register} ${name}`;
    const known = this.#services.get(key);
    if (known?.rules === rules) return known;
    const service = new Service(this, register, rules);
    this.#services.set(key, service);
    return service;
  }

  /** As if these databases had never been synchronised. */
  async forgetRecords(): Promise<void> {
    for (const place of places)
      await (await this.session(place)).batch(
        records.map((table) => `TRUNCATE TABLE storedb.${table};`).join('\n'),
      );
  }

  /** A session of the test's own; `name` tells several in one database apart. Opened anew where it was lost. */
  async session(place: Place, name = ''): Promise<DriverSession> {
    const key = `${place} ${name}`;
    const known = this.#sessions.get(key);
    if (known?.isLost === false) return known;
    await known?.close();
    const session = await realServers().connect(this.sites[place].target);
    await session.batch(
      `SET LOCK_TIMEOUT 0; SET XACT_ABORT ON; SET NOCOUNT ON;${name === 'reader' && place !== 'r2' ? ' SET TRANSACTION ISOLATION LEVEL SNAPSHOT;' : ''}`,
    );
    this.#sessions.set(key, session);
    return session;
  }

  /** A session that reads what is committed and waits for nobody, where the database keeps row versions. */
  reader(place: Place): Promise<DriverSession> {
    return this.session(place, 'reader');
  }

  async #dropAll(place: Place): Promise<void> {
    for (const [key, session] of this.#sessions) {
      if (!key.startsWith(`${place} `)) continue;
      await session.close();
      this.#sessions.delete(key);
    }
  }

  /** Ends a session, and with it what it has open. */
  async drop(place: Place, name: string): Promise<void> {
    await this.#sessions.get(`${place} ${name}`)?.close();
    this.#sessions.delete(`${place} ${name}`);
  }

  backUp(place: Place): Backup {
    return this.sites[place].server.backUp(place);
  }

  async restore(place: Place, backup: Backup): Promise<void> {
    this.#isWorn = true;
    await this.sites[place].server.restore(place, backup);
    await this.#dropAll(place);
  }

  /** Ends all connections of a server, as its restart does. */
  async restart(place: Place): Promise<void> {
    await this.sites[place].server.interrupt();
    await this.#dropAll(place);
  }

  /** Puts the register up anew, as on a new computer: an empty database with an identity of its own. */
  async reimage(register: Register): Promise<void> {
    await this.restore(register, this.#blank);
    await introduce(this.sites.store.target, this.sites[register].target, idsOf(register));
  }

  /** On all servers. */
  letDaysPass(days: number): void {
    this.#clock.aheadMs += days * 24 * 3_600_000;
  }

  /** The definitions are others than at the beginning. */
  wear(): void {
    this.#isWorn = true;
  }

  /** Everything empty, and synchronised. Rowversions go on counting unless databases had to be put back. */
  async reset(): Promise<void> {
    for (const { faults, line } of Object.values(this.sites)) {
      faults.clear();
      line.mend();
    }
    this.#clock.aheadMs = 0;
    for (const place of places) if (this.sites[place].line.hasOpenEnds) await this.restart(place);
    for (const place of places) await this.drop(place, 'open');
    if (this.#isWorn) {
      for (const [place, backup] of this.#pristine) await this.restore(place, backup);
      this.#isWorn = false;
    } else for (const place of places) await (await this.session(place)).batch(emptied(place));
  }

  async close(): Promise<void> {
    for (const service of this.#services.values()) await service.stop();
    for (const session of this.#sessions.values()) await session.close();
    for (const { server, line } of Object.values(this.sites)) {
      await line.close();
      await server.close();
    }
  }
}

async function openSite(place: Place, clock: ServerClock): Promise<Site> {
  const faults = new Faults();
  const server = await startPracticeServer({
    faults,
    wire: { encryption: 'unsupported' },
    engine: { now: () => new Date(Date.now() + clock.aheadMs) },
  });
  const signIn = { kind: 'sql', user: server.user, password: new Secret(server.password) } as const;
  const line = await CuttingProxy.open(server.port);
  const target = { server: server.server, database: place, signIn, encryption: 'none' } as const;
  return { server, faults, target, line, overLine: { ...target, server: line.server } };
}

/** The records of the synchronisation that say how far it has come. */
const records = ['Anchor', 'Pair', 'Seen'] as const;

/** What `emptied` brings back. */
const keepRecords = records
  .map((table) => `SELECT * INTO storedb.${table}_KEPT FROM storedb.${table};`)
  .join('\n');

/** TRUNCATE leaves no marks in the tracking. */
const emptied = (place: Place): string =>
  [
    'SET NOCOUNT ON;',
    ...tableNames.flatMap((table) => [
      `TRUNCATE TABLE dbo.${table};`,
      `TRUNCATE TABLE dbo.${table}_tracking;`,
    ]),
    ...records.map(
      (table) =>
        `TRUNCATE TABLE storedb.${table}; INSERT INTO storedb.${table} SELECT * FROM storedb.${table}_KEPT;`,
    ),
    'TRUNCATE TABLE storedb.Conflict; TRUNCATE TABLE storedb.SyncRun; TRUNCATE TABLE dbo.RETAILOFFLINESYNCLOG;',
    'UPDATE storedb.SyncTable SET CleanupTimestamp = 0x0000000000000000 WHERE CleanupTimestamp <> 0x0000000000000000;',
    'UPDATE storedb.Replica SET Epoch = 1 WHERE Epoch <> 1;',
    place === 'store' ? 'TRUNCATE TABLE dbo.AUDIT;' : '',
  ].join('\n');
