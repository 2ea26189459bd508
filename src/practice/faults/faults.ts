import type { SessionState } from '../engine/model.ts';
import { ConnectionBroken, type Trouble } from '../engine/trouble.ts';
import type { PacketVerdict, WirePacket } from '../tds/server.ts';
import type { Fault, FaultPlace } from './fault.ts';
import { troubleError } from './trouble-error.ts';

type Armed = { readonly fault: Fault; seen: number; struck: number };

const LOGIN_PACKET = 0x10;

type At = FaultPlace['at'];
/** The places of one kind; `at` of some is itself a union, which Extract does not see through. */
type PlaceAt<Kind extends At> = FaultPlace extends infer Place
  ? Place extends { readonly at: infer Kinds }
    ? Kind extends Kinds
      ? Place
      : never
    : never
  : never;

/** The failures that a practice server is to suffer. Hand it to `startPracticeServer`; arm and clear it at any time. */
export class Faults {
  readonly #armed: Armed[] = [];
  #struck = 0;
  #commits = 0;

  constructor(faults: readonly Fault[] = []) {
    for (const fault of faults) this.arm(fault);
  }

  /** From now on this failure waits for its moment; moments are counted from here. */
  arm(fault: Fault): void {
    this.#armed.push({ fault, seen: 0, struck: 0 });
  }

  /** Takes every failure away. */
  clear(): void {
    this.#armed.length = 0;
  }

  /** How often failures have struck since the server started. */
  get struck(): number {
    return this.#struck;
  }

  /** How many transactions have changed something for good, those of the server itself left out. */
  get commits(): number {
    return this.#commits;
  }

  /** What the engine asks. */
  readonly trouble: Trouble = {
    write: (session) => {
      const fault = this.take('write', (place) => isIn(place.database, session));
      if (fault === undefined) return;
      throw fault.does === 'drop' ? broken() : troubleError(fault.does, session.id, session.database.name);
    },
    commit: (moment, session) => {
      if (moment === 'after' && session.id !== 0) this.#commits += 1;
      const fault = this.take('commit', (place) => place.moment === moment && isIn(place.database, session));
      if (fault !== undefined) throw broken();
    },
  };

  /** What the wire asks. */
  readonly onPacket = (packet: WirePacket): PacketVerdict => {
    const isLogin = packet.direction === 'in' && packet.type === LOGIN_PACKET;
    if (isLogin && this.take('login', (place) => place.does === 'drop') !== undefined) return 'reset';
    const fault = this.take(
      'packet',
      (place) =>
        place.direction === packet.direction && (place.type === undefined || place.type === packet.type),
    );
    if (fault === undefined) return 'pass';
    return fault.does === 'drop' ? 'reset' : 'drop';
  };

  /** The failure that strikes in this moment, if any; every one that fits counts the moment. */
  take<Kind extends At>(at: Kind, fits: (place: PlaceAt<Kind>) => boolean): PlaceAt<Kind> | undefined {
    let striking: PlaceAt<Kind> | undefined;
    for (const armed of this.#armed) {
      const place: FaultPlace = armed.fault;
      const { skip = 0, times = 1 } = armed.fault;
      if (!isAt(place, at) || !fits(place)) continue;
      armed.seen += 1;
      const isDue = armed.seen > skip && (times === 0 || armed.struck < times);
      if (!isDue || striking !== undefined) continue;
      armed.struck += 1;
      this.#struck += 1;
      striking = place;
    }
    return striking;
  }
}

const isAt = <Kind extends At>(place: FaultPlace, at: Kind): place is FaultPlace & PlaceAt<Kind> =>
  place.at === at;

/** Session 0 is the server's own, which makes the system tables before the first login: no client meets its faults. */
const isIn = (database: string | undefined, { id, database: { name } }: SessionState): boolean =>
  id !== 0 && (database === undefined || database.toUpperCase() === name.toUpperCase());

/** A drop that a test asked for. */
export const broken = (): Error => new ConnectionBroken('a test asked for the end of the connection');
