import { type Rules, soundRules } from '../../../../src/core/sync/rules.ts';
import type { Backup } from '../../../../src/practice/index.ts';
import { BlindTables } from './blind-tables.ts';
import type { Change } from './change.ts';
import type { Climate } from './climate.ts';
import type { CuttingProxy } from './cutting-proxy.ts';
import { checkResult } from './cycle-checks.ts';
import type { Disturbance } from './disturbance.ts';
import { checkAtRest } from './final-checks.ts';
import { idleCycle } from './idle-cycle.ts';
import { killedProcess } from './killed-process.ts';
import { Observer } from './observer.ts';
import { begin, end } from './perform.ts';
import type { Service } from './service.ts';
import { type Place, places, type Register, type TableName, tableNames } from './small-shop.ts';
import type { History, Step } from './step.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

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
  readonly #backups = new Map<Place, { readonly backup: Backup; readonly blind: ReadonlySet<TableName> }>();
  readonly #blind = new BlindTables();
  readonly #observer: Observer;
  /** Where a transaction is open; the observer's. */
  readonly #open: Set<Place>;
  /** From here on lines may be at the store without their sale; see `Amid`. */
  #mayComeApart = false;
  /** A database was put back, or its definitions changed: rows may be parked, and rows that were deleted come back. */
  #wasShaken = false;

  constructor(world: World, history: History, { calm }: Pick<Climate, 'calm'>, rules: Rules) {
    this.#world = world;
    this.#history = history;
    this.#isCalm = calm;
    this.#rules = rules;
    this.#observer = new Observer(world);
    this.#open = this.#observer.open;
  }

  #service(register: Register): Service {
    return this.#world.service(register, this.#rules);
  }

  #lines(register: Register): readonly CuttingProxy[] {
    return [this.#world.sites.store.line, this.#world.sites[register].line];
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
        return this.#backUp(step.at);
      case 'restore':
        return await this.#restore(step.at);
      case 're-image':
        return await this.#reimage(step.register);
      case 'add-column':
        return await this.#addColumn(step.at);
      case 'process':
        return await this.#killProcess(step);
      case 'month':
        this.#wasShaken = true;
        return this.#world.letDaysPass(31);
      case 'trigger-off':
        if (step.on === 'SALE' || step.on === 'SALELINE') this.#mayComeApart = true;
        if (this.#open.has(step.at)) return;
        this.#wasShaken = true;
        return await this.#blind.switchOff(this.#world, step.at, step.on);
      case 'repair':
        if (!this.#open.has(step.at)) await this.#blind.repair(this.#world, step.at);
        return;
    }
  }

  /** No faults any more and nothing open: after two cycles of each register everything is in its place. */
  async calmDown(): Promise<void> {
    for (const place of places) await this.#close(place, false);
    for (const place of places)
      if (this.#world.sites[place].line.hasOpenEnds) await this.#world.restart(place);
    for (const place of places) await this.#blind.repair(this.#world, place);
    const calm = { kind: 'cycle', disturbances: [], isTwice: false, years: 0 } as const;
    const { registers: some } = this.#history;
    for (const register of some) await this.#cycle({ ...calm, register });
    // What the others brought in the first round comes in the second; after it there is nothing left to do.
    for (const register of some) {
      if (some.length > 1) await this.#cycle({ ...calm, register });
      await idleCycle(this.#world, this.#service(register), register, 'may move anchors');
    }
    await checkAtRest(this.#world, some, { isCalm: this.#isCalm && !this.#wasShaken });
    for (const register of some)
      await idleCycle(this.#world, this.#service(register), register, 'writes nothing');
  }

  async close(): Promise<void> {
    for (const place of places) await this.#world.drop(place, 'open');
  }

  async #change(at: Place, change: Change, isUndone: boolean): Promise<readonly string[]> {
    const session = await this.#world.session(at);
    if (await begin(session, change, at)) await end(session, isUndone);
    return at === 'store' ? [] : await this.#observer.look(at);
  }

  async #close(at: Place, isUndone: boolean): Promise<void> {
    if (!this.#open.delete(at)) return;
    await end(await this.#world.session(at, 'open'), isUndone);
    await this.#world.drop(at, 'open');
    if (at !== 'store') await this.#observer.look(at);
  }

  async #cycle(step: Step & { readonly kind: 'cycle' }): Promise<void> {
    const { register } = step;
    const before = await this.#observer.before(register);
    const touched = new Set<string>();
    const isDisturbed = step.disturbances.length > 0;
    if (isDisturbed && this.#open.has(register)) this.#mayComeApart = true;
    const isOverLine = step.disturbances.some(({ what }) => what === 'cut' || what === 'silence');
    const isForgotten = this.#lines(register).some(({ hasOpenEnds }) => hasOpenEnds);
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
        isCalm: this.#isCalm && !this.#wasShaken,
      });
    if (ended !== undefined) this.#blind.checkTold(ended, register);
    if (step.isTwice && !isDisturbed && !isForgotten)
      demand(
        ended?.outcome !== 'busy' || second?.outcome !== 'busy',
        'of two services one works',
        () => 'both say that the other one does',
      );
    await this.#observer.checkAfter(register, [ended, second], before, {
      touched,
      isDisturbed,
      mayReturn: this.#wasShaken,
      mayComeApart: this.#mayComeApart,
      isStoreTouched: step.disturbances.some((each) => each.what === 'change' && each.at === 'store'),
    });
    for (const line of this.#lines(register)) line.age();
  }

  async #killProcess(step: Step & { readonly kind: 'process' }): Promise<void> {
    const { register } = step;
    await this.#service(register).stop();
    const before = await this.#observer.before(register);
    await killedProcess(this.#world, register, step);
    await this.#observer.checkAfter(register, [undefined], before, {
      touched: new Set(),
      isDisturbed: false,
      mayReturn: this.#wasShaken,
      mayComeApart: this.#mayComeApart,
      isStoreTouched: false,
    });
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
        this.#backUp(each.at);
        return [];
      case 'cut':
        this.#world.sites[each.at].line.cutAfter(each.bytes);
        return [];
      case 'silence':
        this.#world.sites[each.at].line.silenceAfter(each.bytes);
        return [];
    }
  }

  /** In the middle of a cycle: only the difference that this change makes is the register's own. */
  async #changeAmid(at: Place, change: Change): Promise<readonly string[]> {
    if (at !== 'store') await this.#observer.passOver(at);
    return await this.#change(at, change, false);
  }

  #backUp(at: Place): void {
    this.#backups.set(at, { backup: this.#world.backUp(at), blind: this.#blind.at(at) });
  }

  async #restore(at: Place): Promise<void> {
    const kept = this.#backups.get(at);
    if (kept === undefined) return;
    this.#wasShaken = true;
    this.#open.delete(at);
    await this.#world.restore(at, kept.backup);
    this.#blind.set(at, kept.blind);
    await this.#observer.suspect(at);
  }

  async #reimage(register: Register): Promise<void> {
    this.#wasShaken = true;
    this.#open.delete(register);
    this.#backups.delete(register);
    await this.#service(register).stop();
    await this.#world.reimage(register);
    this.#blind.set(register, new Set());
    await this.#observer.forget(register);
  }

  async #addColumn(at: Place): Promise<void> {
    if (this.#open.has(at)) return;
    this.#wasShaken = true;
    this.#world.wear();
    const session = await this.#world.session(at);
    for (const table of tableNames)
      await session.batch(
        `IF COL_LENGTH('dbo.${table}', 'EXTRA') IS NULL ALTER TABLE dbo.${table} ADD EXTRA nvarchar(10) NOT NULL CONSTRAINT DF_${table}_EXTRA DEFAULT (N'x')`,
      );
  }
}
