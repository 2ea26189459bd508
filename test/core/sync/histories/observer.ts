import { SqlFailure } from '../../../../src/core/sql/failures.ts';
import { checkBroughtUp } from './brought-up.ts';
import { type Parked, readParked } from './conflicts.ts';
import { checkSteadyAnchors, checkTogether, checkUntouched } from './cycle-checks.ts';
import { Ledger } from './ledger.ts';
import { type AnchorState, readAnchors, readAudit, readAudited } from './record.ts';
import { type Rows, readRows } from './rows.ts';
import type { Ended } from './service.ts';
import { type Place, type Register, registers } from './small-shop.ts';
import type { World } from './world.ts';

/** What stood where when a cycle began. */
type Before = {
  readonly register: Rows | undefined;
  readonly store: Rows;
  readonly audited: number;
  /** Nothing open at the register hides what it has changed. */
  readonly isWholeKnown: boolean;
};

/** What happened to the history while the cycle was at work, and before. */
type Amid = {
  /** Rows that the register has changed meanwhile. */
  readonly touched: ReadonlySet<string>;
  readonly isDisturbed: boolean;
  readonly isStoreTouched: boolean;
  /** Lines may have come without their sale: nobody wrote the sale down, or an open transaction holds it back. */
  readonly mayComeApart: boolean;
  /** Rows that were deleted may come back. */
  readonly mayReturn: boolean;
};

/** Watches the databases of a history from outside: what was changed, what has arrived, what a cycle must not do. */
export class Observer {
  /** Where a transaction is open. */
  readonly open = new Set<Place>();
  readonly #world: World;
  readonly #ledger = new Ledger();
  /** A register's rows when they were last looked at, or since its last cycle. */
  readonly #seen = new Map<Register, Rows>();
  readonly #anchors = new Map<string, AnchorState>();
  #audited = 0;
  #parked: readonly Parked[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Notes what the register has changed since it was last looked at. Nothing while its rows cannot be read. */
  async look(register: Register): Promise<readonly string[]> {
    const rows = await this.#rows(register);
    if (rows === undefined) return [];
    const touched = this.#ledger.changed(register, this.#seen.get(register), rows, this.#audited);
    this.#seen.set(register, rows);
    return touched;
  }

  /** undefined = an open transaction keeps rows from being read, on the register without row versions. */
  async #rows(place: Place): Promise<Rows | undefined> {
    if (place === 'r2' && this.open.has(place)) return undefined;
    try {
      return await readRows(await this.#world.reader(place));
    } catch (error) {
      // 1222 = locked: by what was given to the server over a line that has fallen silent.
      if (error instanceof SqlFailure && error.number === 1222) return undefined;
      throw error;
    }
  }

  /** What the register's rows are now is not the register's own doing. */
  async passOver(register: Register): Promise<void> {
    const rows = await this.#rows(register);
    if (rows !== undefined) this.#seen.set(register, rows);
  }

  async before(register: Register): Promise<Before> {
    await this.look(register);
    return {
      register: this.#seen.get(register),
      store: await readRows(await this.#world.reader('store')),
      audited: await readAudited(await this.#world.session('store')),
      isWholeKnown: !this.open.has(register),
    };
  }

  async checkAfter(register: Register, ended: readonly Ended[], before: Before, amid: Amid): Promise<void> {
    const store = await this.#world.session('store');
    const rows = await this.#rows(register);
    const storeRows = await readRows(await this.#world.reader('store'));
    const audit = await readAudit(store);
    this.#audited = audit.at(-1)?.id ?? 0;
    const parked = await readParked(store);
    if (!amid.mayComeApart) checkTogether(storeRows, parked);
    if (before.isWholeKnown && !amid.isStoreTouched)
      checkBroughtUp(
        register,
        this.#ledger,
        audit.filter(({ id }) => id > before.audited),
        { store: before.store, parked: this.#parked },
        amid,
      );
    this.#parked = parked;
    if (before.register !== undefined)
      this.#ledger.settle(
        register,
        before.register,
        { rows: storeRows, audit, parked },
        {
          except: amid.touched,
          mustHaveArrived: !this.open.has(register) && ended.some((each) => each?.outcome === 'done'),
        },
      );
    if (before.register !== undefined && !amid.isDisturbed)
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

  /** A database was put back: nothing is known to have arrived any more. */
  async suspect(at: Place): Promise<void> {
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

  /** A register was set up anew: what it had is not owed any more. */
  async forget(register: Register): Promise<void> {
    this.#anchors.clear();
    this.#ledger.forget(register);
    await this.passOver(register);
  }
}
