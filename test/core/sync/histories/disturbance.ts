import fc from 'fast-check';
import type { Fault } from '../../../../src/practice/faults/fault.ts';
import type { Change } from './change.ts';
import { type Climate, changeAt } from './climate.ts';
import type { Place, Register } from './small-shop.ts';

/** What happens in the middle of a cycle, when it is about to ask a server something for the `call`-th time. */
export type Disturbance = { readonly call: number } & (
  | { readonly what: 'change'; readonly at: Place; readonly change: Change }
  /** The process is gone at once; its connections break. */
  | { readonly what: 'kill' | 'abort' }
  /** The server of that side ends all connections. */
  | { readonly what: 'restart'; readonly at: Place }
  | { readonly what: 'fault'; readonly at: Place; readonly fault: Fault }
  | { readonly what: 'back-up'; readonly at: Place }
  /** The line to that side is cut, or falls silent, after so many bytes more. */
  | { readonly what: 'cut' | 'silence'; readonly at: Place; readonly bytes: number }
);

/** An idle cycle makes six calls, one that loads everything for the first time a hundred. */
export const call = fc.oneof(
  fc.integer({ min: 1, max: 10 }),
  fc.integer({ min: 8, max: 40 }),
  fc.integer({ min: 20, max: 80 }),
);

export function disturbanceOf(register: Register, climate: Climate): fc.Arbitrary<Disturbance> {
  const at = fc.constantFrom<Place>('store', register);
  const is = <Kind extends Disturbance['what']>(kind: Kind) => fc.constant(kind);
  const change = at.chain((place) =>
    fc.record({ call, what: is('change'), at: fc.constant(place), change: changeAt(place, climate) }),
  );
  const all: readonly {
    readonly weight: number;
    readonly arbitrary: fc.Arbitrary<Disturbance>;
    readonly what: Disturbance['what'];
  }[] = [
    { what: 'change', weight: 4, arbitrary: change },
    { what: 'kill', weight: 2, arbitrary: fc.record({ call, what: is('kill') }) },
    { what: 'abort', weight: 1, arbitrary: fc.record({ call, what: is('abort') }) },
    { what: 'restart', weight: 1, arbitrary: fc.record({ call, what: is('restart'), at }) },
    { what: 'fault', weight: 4, arbitrary: fc.record({ call, what: is('fault'), at, fault }) },
    {
      what: 'cut',
      weight: 2,
      arbitrary: fc.record({ call, what: is('cut'), at, bytes: fc.nat({ max: 6000 }) }),
    },
    {
      what: 'silence',
      weight: 1,
      arbitrary: fc.record({ call, what: is('silence'), at, bytes: fc.nat({ max: 6000 }) }),
    },
    {
      what: 'back-up',
      weight: climate.restores ? 1 : 0,
      arbitrary: fc.record({ call, what: is('back-up'), at }),
    },
  ];
  const { only } = climate;
  return fc.oneof(...all.filter(({ what }) => only === undefined || only.disturbances.includes(what)));
}

const skip = fc.integer({ min: 0, max: 12 });
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    at: fc.constant('write' as const),
    does: fc.constantFrom(
      'deadlock-victim' as const,
      'log-full' as const,
      'database-full' as const,
      'drop' as const,
    ),
    skip,
  }),
  fc.record({
    at: fc.constant('commit' as const),
    moment: fc.constantFrom('before' as const, 'after' as const),
    does: fc.constant('drop' as const),
    skip,
  }),
  fc.record({
    at: fc.constant('packet' as const),
    direction: fc.constantFrom('in' as const, 'out' as const),
    does: fc.constant('drop' as const),
    skip,
  }),
  // A packet that is lost without a word is the silent line: here its client would wait for minutes.
  fc.record({
    at: fc.constant('request' as const),
    does: fc.constant('delay' as const),
    milliseconds: fc.integer({ min: 1, max: 15 }),
    skip,
  }),
  fc.record({
    at: fc.constant('bulk-row' as const),
    does: fc.constantFrom('drop' as const, 'database-full' as const),
    skip: fc.integer({ min: 0, max: 3 }),
  }),
);
