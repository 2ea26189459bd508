import type { MssqlServers } from '../../../../src/core/sql/connect.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { realServers } from '../../plan/store-runs.ts';

/** Thrown at whatever a killed process would still have done. */
export class Killed extends Error {}

/**
 * The servers as one process sees them, which counts what it asks of them: before the call of that number, `before` has
 * its turn. `kill` leaves nothing of the process but its lost connections; a synchronisation that goes on afterwards
 * finds that it can do nothing any more.
 */
export class WatchedServers implements MssqlServers {
  calls = 0;
  before: (call: number) => Promise<void> = async () => undefined;
  #isKilled = false;
  readonly #open = new Set<DriverSession>();

  async connect(...[target, signal]: Parameters<MssqlServers['connect']>): Promise<DriverSession> {
    await this.#turn();
    const session = await realServers().connect(target, signal);
    if (this.#isKilled) {
      await session.close();
      throw new Killed();
    }
    this.#open.add(session);
    return this.#watched(session);
  }

  async kill(): Promise<void> {
    this.#isKilled = true;
    await Promise.all([...this.#open].map((session) => session.close()));
  }

  get open(): number {
    return [...this.#open].filter(({ isLost }) => !isLost).length;
  }

  async #turn(): Promise<void> {
    this.calls += 1;
    if (!this.#isKilled) await this.before(this.calls);
    if (this.#isKilled) throw new Killed();
  }

  #watched(session: DriverSession): DriverSession {
    return {
      query: async (text, parameters, signal) => {
        await this.#turn();
        return await session.query(hastened(text), parameters, signal);
      },
      queries: async (text, parameters, signal) => {
        await this.#turn();
        return await session.queries(hastened(text), parameters, signal);
      },
      batch: async (text, signal) => {
        await this.#turn();
        return await session.batch(hastened(text), signal);
      },
      withDriver: async (work, signal) => {
        await this.#turn();
        return await session.withDriver(work, signal);
      },
      get isLost() {
        return session.isLost;
      },
      close: async () => {
        this.#open.delete(session);
        await session.close();
      },
    };
  }
}

/** Whoever waits for a lock of a history waits in vain: it is given back by a later step. */
const hastened = (text: string): string => text.replaceAll(/SET LOCK_TIMEOUT \d+/g, 'SET LOCK_TIMEOUT 5');
