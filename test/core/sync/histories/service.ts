import { ExpectedError } from '../../../../src/core/errors.ts';
import { systemClock } from '../../../../src/core/plan/index.ts';
import type { CycleResult } from '../../../../src/core/sync/events.ts';
import { openSync, runCycle, type SyncLink } from '../../../../src/core/sync/index.ts';
import type { Rules } from '../../../../src/core/sync/rules.ts';
import { idsOf, type Register } from './small-shop.ts';
import { Violation } from './violation.ts';
import { WatchedServers } from './watched-servers.ts';
import type { World } from './world.ts';

const millisecondsOfYear = 365 * 24 * 3_600_000;
/** A guard against hanging, not a measure. */
const patience = 60_000;

/** How a cycle ended; undefined = the process was killed, or the work cancelled. */
export type Ended = CycleResult | undefined;

/** One service of one register: a link that it keeps from cycle to cycle, as long as nothing breaks. */
export class Service {
  readonly #world: World;
  readonly #register: Register;
  readonly rules: Rules;
  #process: { readonly servers: WatchedServers; readonly link: SyncLink } | undefined;
  #years = 0;
  #minutes = 0;

  constructor(world: World, register: Register, rules: Rules) {
    this.#world = world;
    this.#register = register;
    this.rules = rules;
  }

  /**
   * Before each call to a server `before` has its turn, and may kill the process or cancel the work. Throws Violation
   * for a cycle that throws what it must not, or never ends.
   */
  async cycle(
    options: { readonly logsIdle: boolean; readonly years?: number; readonly isOverLine?: boolean },
    before: (call: number, stop: { kill(): Promise<void>; abort(): void }) => Promise<void> = async () =>
      undefined,
  ): Promise<Ended> {
    this.#years = options.years ?? 0;
    const controller = new AbortController();
    let isKilled = false;
    const servers = this.#process?.servers ?? new WatchedServers();
    servers.calls = 0;
    servers.before = (call) =>
      before(call, {
        kill: async () => {
          isKilled = true;
          await servers.kill();
        },
        abort: () => controller.abort(),
      });
    let result: Ended;
    try {
      result = await this.#within(this.#run(servers, options, controller.signal));
    } catch (error) {
      if (error instanceof Violation) throw error;
      const isCancelled =
        controller.signal.aborted &&
        (error === controller.signal.reason ||
          (error instanceof ExpectedError && error.code === 'cancelled'));
      if (!isKilled && !isCancelled)
        throw new Violation('a cycle throws nothing but its cancellation', String((error as Error).stack));
    }
    servers.before = async () => undefined;
    // A killed process has no chance to say anything, whatever it thought before it noticed.
    if (isKilled) result = undefined;
    if (result?.outcome !== 'done') await this.stop();
    return result;
  }

  /** Time goes by while nothing happens. */
  letPass(minutes: number): void {
    this.#minutes += minutes;
  }

  async stop(): Promise<void> {
    const { link } = this.#process ?? {};
    this.#process = undefined;
    await link?.close().catch(() => undefined);
  }

  async #run(
    servers: WatchedServers,
    { logsIdle, isOverLine = false }: { readonly logsIdle: boolean; readonly isOverLine?: boolean },
    signal: AbortSignal,
  ): Promise<CycleResult> {
    const { sites } = this.#world;
    const way = isOverLine ? 'overLine' : 'target';
    this.#process ??= {
      servers,
      link: await openSync(
        {
          servers,
          store: sites.store[way],
          offline: sites[this.#register][way],
          ids: idsOf(this.#register),
          host: this.#register,
          clock: {
            now: () => new Date(Date.now() + this.#years * millisecondsOfYear),
            elapsed: () => systemClock.elapsed() + this.#minutes * 60_000,
            sleep: async (_, signalled) => signalled?.throwIfAborted(),
          },
        },
        signal,
      ),
    };
    const events = runCycle(this.#process.link, { logsIdle, rules: this.rules }, signal);
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
    }
  }

  async #within<Value>(work: Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Violation('every cycle ends', 'this one does not')), patience);
    });
    try {
      return await Promise.race([work, tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }
}
