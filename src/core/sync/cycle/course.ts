import type { TableShape } from '../../offline/tables/table-shape.ts';
import type { Finding } from '../../plan/plan.ts';
import type { Rules } from '../rules.ts';
import type { DueTables } from './due-tables.ts';
import type { Seat } from './enter.ts';
import type { Identity } from './identity.ts';
import type { SyncLink } from './link.ts';
import type { PairSide } from './tokens.ts';

/** What the scopes of one cycle share, after both sides were entered and know each other. */
export type Course = {
  readonly link: SyncLink;
  readonly runId: string;
  readonly rules: Rules;
  readonly identity: Identity;
  readonly register: Seat & { readonly shapes: ReadonlyMap<string, TableShape> };
  readonly store: Seat & { readonly shapes: ReadonlyMap<string, TableShape> };
  /** Tables that have something to go up and to come down. */
  readonly due: { readonly [Each in Way]: DueTables };
  /** Why rows must not come to the register now; undefined = they may. */
  readonly noRoom: Finding | undefined;
  /** To be called before the first rows move; does its work once a cycle. */
  readonly beforeMoving: (signal: AbortSignal) => Promise<void>;
};

/** Rows go up from the register to the store, or down. */
export type Way = 'up' | 'down';

/** The register and the store as sides of the pair. */
export const registerSide = ({ register, identity }: Course): PairSide => ({
  session: register.control.session,
  peerId: identity.storeId,
});

export const storeSide = ({ store, identity }: Course): PairSide => ({
  session: store.control.session,
  peerId: identity.registerId,
});

export const sourceOf = (course: Course, way: Way) => (way === 'up' ? course.register : course.store);
export const destinationOf = (course: Course, way: Way) => (way === 'up' ? course.store : course.register);
