import type { RowCounts } from '../../../../src/core/sync/events.ts';
import { type Rules, soundRules } from '../../../../src/core/sync/rules.ts';
import type { Backup } from '../../../../src/practice/index.ts';
import type { Change } from './change.ts';
import { readParked } from './conflicts.ts';
import { checkResult, checkSteadyAnchors, checkTogether, checkUntouched } from './cycle-checks.ts';
import { checkAtRest } from './final-checks.ts';
import { killedProcess } from './killed-process.ts';
import { Ledger } from './ledger.ts';
import { begin, end } from './perform.ts';
import { type AnchorState, readAnchors, readAudit } from './record.ts';
import { type Rows, readRows } from './rows.ts';
import type { Ended, Service } from './service.ts';
import { type Place, places, type Register, registers, tableNames } from './small-shop.ts';
import type { Climate, Disturbance, History, Step } from './step.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

/** The last change of each table, also one that wrote what was there. */
const lastChanges = tableNames
  .map((table) => `SELECT MAX(CAST(local_update_peer_timestamp AS bigint)) AS at FROM dbo.${table}_tracking`)
  .join('\nUNION ALL ');

type CycleStep = Step & { readonly kind: 'cycle' };

/** Plays a history, calms everything down, and checks what was promised. Throws Violation. Leaves the world as it found it. */
export async function play(
  world: World,
  history: History,
  climate: Pick<Climate, 'calm'>,
  rules: Rules = soundRules,
): Promise<void> {
  const player = new Player(world, history, climate, rules);
  try {
    if (history.isNew) await world.forgetRecords();
    for (const step of history.steps) await player.step(step);
    await player.calmDown();
  } finally {
    await player.close();
    await world.reset();
  }
}

class Player {
  readonly #world: World;
  readonly #history: History;
  readonly #isCalm: boolean;
  readonly #rules: Rules;
  readonly #ledger = new Ledger();
  readonly #backups = new Map<Place, Backup>();
  readonly #open = new Set<Place>();
  /** A register's rows when they were last looked at, or since its last cycle. */
  readonly #seen = new Map<Register, Rows>();
  readonly #anchors = new Map<string, AnchorState>();
  #audited = 0;
  #wasRestored = false;

  constructor(world: World, history: History, { calm }: Pick<Climate, 'calm'>, rules: Rules) {
    this.#world = world;
    this.#history = history;
    this.#isCalm = calm;
    this.#rules = rules;
  }

  #service(register: Register): Service {
    return this.#world.service(register, this.#rules);
  }

  async step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'change':
        await this.#change(step.at, step.change, step.isUndone);
        return;
      case 'open':
        if (this.#open.has(step.at)) return;
        if (await begin(await this.#world.session(step.at, 'open'), step.change, step.at))
          this.#open.add(step.at);
        return;
      case 'close':
        return await this.#close(step.at, step.isUndone);
      case 'cycle':
        return await this.#cycle(step);
      case 'back-up':
        this.#backups.set(step.at, this.#world.backUp(step.at));
        return;
      case 'restore':
        return await this.#restore(step.at);
      case 're-image':
        return await this.#reimage(step.register);
      case 'add-column':
        return await this.#addColumn(step.at);
      case 'process':
        return await this.#killProcess(step);
    }
  }

  /** No faults any more and nothing open: after two cycles of each register everything is in its place. */
  async calmDown(): Promise<void> {
    for (const place of places) await this.#close(place, false);
    const calm = { kind: 'cycle', disturbances: [], isTwice: false, years: 0 } as const;
    const { registers: some } = this.#history;
    for (const register of some) await this.#cycle({ ...calm, register });
    // What the others brought in the first round comes in the second; after it there is nothing left to do.
    for (const register of some) {
      if (some.length > 1) await this.#cycle({ ...calm, register });
      await this.#again(register, 'may move anchors');
    }
    await checkAtRest(this.#world, some, { isCalm: this.#isCalm && !this.#wasRestored });
    for (const register of some) await this.#again(register, 'writes nothing');
  }

  async close(): Promise<void> {
    for (const place of places) await this.#world.drop(place, 'open');
  }

  async #change(at: Place, change: Change, isUndone: boolean): Promise<readonly string[]> {
    const session = await this.#world.session(at);
    if (await begin(session, change, at)) await end(session, isUndone);
    return at === 'store' ? [] : await this.#look(at);
  }

  async #close(at: Place, isUndone: boolean): Promise<void> {
    if (!this.#open.delete(at)) return;
    await end(await this.#world.session(at, 'open'), isUndone);
    await this.#world.drop(at, 'open');
    if (at !== 'store') await this.#look(at);
  }

  /** Notes what the register has changed since it was last looked at. Nothing while its rows cannot be read. */
  async #look(register: Register): Promise<readonly string[]> {
    const rows = await this.#rows(register);
    if (rows === undefined) return [];
    const touched = this.#ledger.changed(register, this.#seen.get(register), rows, this.#audited);
    this.#seen.set(register, rows);
    return touched;
  }

  /** undefined = an open transaction keeps rows from being read, on the register without row versions. */
  async #rows(place: Place): Promise<Rows | undefined> {
    if (place === 'r2' && this.#open.has(place)) return undefined;
    return await readRows(await this.#world.reader(place));
  }

  async #cycle(step: CycleStep): Promise<void> {
    const { register } = step;
    await this.#look(register);
    const before = { register: this.#seen.get(register), store: await this.#rows('store') };
    const touched = new Set<string>();
    const isDisturbed = step.disturbances.length > 0;
    const isOverLine = step.disturbances.some(({ what }) => what === 'cut');
    if (isOverLine) await this.#service(register).stop();
    const one = this.#service(register);
    const other = this.#world.service(register, this.#rules, 'second');
    const [ended, second] = await Promise.all([
      one.cycle({ logsIdle: true, years: step.years, isOverLine }, async (call, stop) => {
        for (const each of step.disturbances)
          if (each.call === call) for (const name of await this.#disturb(each, stop)) touched.add(name);
      }),
      step.isTwice ? other.cycle({ logsIdle: true }) : undefined,
    ]);
    for (const place of ['store', register] as const) {
      this.#world.sites[place].faults.clear();
      this.#world.sites[place].line.mend();
    }
    if (isOverLine) await one.stop();
    if (step.isTwice) await other.stop();
    if (ended !== undefined)
      checkResult(ended, {
        isDisturbed: isDisturbed || step.isTwice,
        isCalm: this.#isCalm && !this.#wasRestored,
      });
    if (step.isTwice && !isDisturbed)
      demand(
        ended?.outcome !== 'busy' || second?.outcome !== 'busy',
        'of two services one works',
        () => 'both say that the other one does',
      );
    await this.#checkAfter(register, [ended, second], before, touched, !isDisturbed);
  }

  async #killProcess(step: Step & { readonly kind: 'process' }): Promise<void> {
    const { register } = step;
    await this.#service(register).stop();
    await this.#look(register);
    const before = { register: this.#seen.get(register), store: await this.#rows('store') };
    await killedProcess(this.#world, register, step);
    await this.#checkAfter(register, [undefined], before, new Set(), true);
  }

  async #disturb(
    each: Disturbance,
    stop: { kill(): Promise<void>; abort(): void },
  ): Promise<readonly string[]> {
    switch (each.what) {
      case 'change':
        return await this.#changeAmid(each.at, each.change);
      case 'kill':
        await stop.kill();
        return [];
      case 'abort':
        stop.abort();
        return [];
      case 'restart':
        await this.#world.restart(each.at);
        this.#open.delete(each.at);
        return [];
      case 'fault':
        this.#world.sites[each.at].faults.arm(each.fault);
        return [];
      case 'back-up':
        this.#backups.set(each.at, this.#world.backUp(each.at));
        return [];
      case 'cut':
        this.#world.sites[each.at].line.cutAfter(each.bytes);
        return [];
    }
  }

  /** In the middle of a cycle: only the difference that this change makes is the register's own. */
  async #changeAmid(at: Place, change: Change): Promise<readonly string[]> {
    if (at !== 'store') this.#seen.set(at, await readRows(await this.#world.reader(at)));
    return await this.#change(at, change, false);
  }

  async #checkAfter(
    register: Register,
    ended: readonly Ended[],
    before: { readonly register: Rows | undefined; readonly store: Rows | undefined },
    touched: ReadonlySet<string>,
    isUntouched: boolean,
  ): Promise<void> {
    const store = await this.#world.session('store');
    const rows = await this.#rows(register);
    const storeRows = await readRows(await this.#world.reader('store'));
    const audit = await readAudit(store);
    this.#audited = audit.at(-1)?.id ?? 0;
    const parked = await readParked(store);
    checkTogether(storeRows, parked);
    if (before.register !== undefined)
      this.#ledger.settle(
        register,
        before.register,
        { rows: storeRows, audit, parked },
        {
          except: touched,
          mustHaveArrived: !this.#open.has(register) && ended.some((each) => each?.outcome === 'done'),
        },
      );
    if (before.register !== undefined && before.store !== undefined && isUntouched)
      checkUntouched(before.store, storeRows, before.register);
    if (rows !== undefined) this.#seen.set(register, rows);
    await this.#checkAnchors(register);
  }

  async #checkAnchors(register: Register): Promise<void> {
    for (const place of ['store', register] as const) {
      const anchors = await readAnchors(await this.#world.session(place));
      for (const anchor of anchors) {
        const name = `${place} ${anchor.peer} ${anchor.table}`;
        checkSteadyAnchors(name, this.#anchors.get(name), anchor);
        this.#anchors.set(name, anchor);
      }
    }
  }

  /** A cycle in which nothing is left to be done: no row moves, and no table of the shop is written. */
  async #again(register: Register, kind: 'may move anchors' | 'writes nothing'): Promise<void> {
    const sites = [this.#world.sites.store, this.#world.sites[register]];
    const commits = () => sites.map(({ faults }) => faults.commits).join(' and ');
    const tracked = async () => JSON.stringify([await this.#tracked('store'), await this.#tracked(register)]);
    const before = { commits: commits(), tracked: await tracked() };
    const ended = await this.#service(register).cycle({ logsIdle: false });
    demand(ended !== undefined, 'a cycle ends', () => 'this one did not');
    const sum = (what: keyof RowCounts) =>
      ended?.scopes.reduce((all, { downloaded, uploaded }) => all + downloaded[what] + uploaded[what], 0) ??
      0;
    // What the server refused is tried again, in vain.
    const again = sum('parked');
    demand(
      sum('ok') === 0 && ended?.outcome === (again === 0 ? 'done' : 'partly'),
      'a cycle once more moves nothing',
      () => `${register}: ${JSON.stringify(ended)}`,
    );
    const after = await tracked();
    demand(
      after === before.tracked,
      'a cycle once more writes no table',
      () => `${before.tracked}, then ${after}`,
    );
    demand(
      kind === 'may move anchors' || again > 0 || commits() === before.commits,
      'an idle cycle writes nothing',
      () => `${register}: transactions at the store and the register: ${before.commits}; then ${commits()}`,
    );
  }

  async #tracked(place: Place): Promise<unknown> {
    return await (await this.#world.session(place)).query(lastChanges);
  }

  async #restore(at: Place): Promise<void> {
    const backup = this.#backups.get(at);
    if (backup === undefined) return;
    this.#wasRestored = true;
    this.#open.delete(at);
    await this.#world.restore(at, backup);
    this.#anchors.clear();
    for (const register of at === 'store' ? registers : [at]) {
      const rows = await this.#rows(register);
      if (rows === undefined) continue;
      if (register === at) this.#ledger.forget(register);
      this.#ledger.suspect(register, rows);
      this.#seen.set(register, rows);
    }
    if (at === 'store') this.#audited = 0;
  }

  async #reimage(register: Register): Promise<void> {
    this.#wasRestored = true;
    this.#open.delete(register);
    this.#backups.delete(register);
    await this.#service(register).stop();
    await this.#world.reimage(register);
    this.#anchors.clear();
    this.#ledger.forget(register);
    this.#seen.set(register, await readRows(await this.#world.reader(register)));
  }

  async #addColumn(at: Place): Promise<void> {
    if (this.#open.has(at)) return;
    this.#wasRestored = true;
    this.#world.wear();
    const session = await this.#world.session(at);
    for (const table of tableNames)
      await session.batch(
        `IF COL_LENGTH('dbo.${table}', 'EXTRA') IS NULL ALTER TABLE dbo.${table} ADD EXTRA nvarchar(10) NOT NULL CONSTRAINT DF_${table}_EXTRA DEFAULT (N'x')`,
      );
  }
}
