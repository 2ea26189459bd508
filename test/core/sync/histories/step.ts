import fc from 'fast-check';
import type { Change } from './change.ts';
import { type Climate, changeAt } from './climate.ts';
import { call, type Disturbance, disturbanceOf } from './disturbance.ts';
import { historyText } from './history-text.ts';
import { type Place, type Register, registers, type TableName, tableNames } from './small-shop.ts';

export type Step =
  /** One transaction, committed or not. */
  | { readonly kind: 'change'; readonly at: Place; readonly change: Change; readonly isUndone: boolean }
  /** A transaction that stays open until `close`; a second one in the same database is not begun. */
  | { readonly kind: 'open'; readonly at: Place; readonly change: Change }
  | { readonly kind: 'close'; readonly at: Place; readonly isUndone: boolean }
  | {
      readonly kind: 'cycle';
      readonly register: Register;
      readonly disturbances: readonly Disturbance[];
      /** A second service of the same register at the same time. */
      readonly isTwice: boolean;
      /** Years that the computer's clock is wrong by. */
      readonly years: number;
    }
  | { readonly kind: 'back-up' | 'restore'; readonly at: Place }
  | { readonly kind: 're-image'; readonly register: Register }
  | { readonly kind: 'add-column'; readonly at: Place }
  /** On all servers: longer than tombstones are kept for who is late. */
  | { readonly kind: 'month' }
  /** Changes of that table go by unseen until a set-up repairs it. */
  | { readonly kind: 'trigger-off'; readonly at: Place; readonly on: TableName }
  | { readonly kind: 'repair'; readonly at: Place }
  /** A process that is killed at that call of its cycle, or while it goes on from there. */
  | {
      readonly kind: 'process';
      readonly register: Register;
      readonly call: number;
      readonly goesOn: boolean;
    };

export type History = {
  readonly registers: readonly Register[];
  /** None of them was ever synchronised before. */
  readonly isNew: boolean;
  readonly steps: readonly Step[];
};

export function historyOf(climate: Climate): fc.Arbitrary<History> {
  return fc
    .constantFrom(...(climate.only === undefined ? [1, 1, 1, 2, 2, 3] : [climate.only.registers]))
    .chain((count) => {
      const some = registers.slice(0, count);
      return fc.record({
        registers: fc.constant(some),
        isNew: fc.constantFrom(false, false, false, true),
        steps: fc.array(stepOf(climate, some), { minLength: 1, maxLength: climate.maxSteps, size: 'max' }),
      });
    })
    .map((history) => ({ ...history, [fc.toStringMethod]: () => historyText(history) }));
}

function stepOf(climate: Climate, some: readonly Register[]): fc.Arbitrary<Step> {
  const { faults, restores, processes = false, months = false, blindness = false } = climate;
  const place = fc.constantFrom<Place>('store', ...some);
  const register = fc.constantFrom(...some);
  const changed = place.chain((at) => fc.record({ at: fc.constant(at), change: changeAt(at, climate) }));
  const rarely = fc.boolean().chain((first) => (first ? fc.boolean() : fc.constant(false)));
  const cycle = register.chain((one) =>
    fc.record({
      kind: fc.constant('cycle' as const),
      register: fc.constant(one),
      disturbances: faults ? fc.array(disturbanceOf(one, climate), { maxLength: 2 }) : fc.constant([]),
      isTwice: faults ? fc.constantFrom(false, false, false, false, true) : fc.constant(false),
      years: fc.constantFrom(0, 0, 0, 10, -10),
    }),
  );
  return fc.oneof(
    {
      arbitrary: fc
        .tuple(changed, rarely)
        .map(([{ at, change }, isUndone]) => ({ kind: 'change', at, change, isUndone }) as const),
      weight: 12,
    },
    { arbitrary: changed.map(({ at, change }) => ({ kind: 'open', at, change }) as const), weight: 1 },
    {
      arbitrary: fc.record({ kind: fc.constant('close' as const), at: place, isUndone: rarely }),
      weight: 2,
    },
    { arbitrary: cycle, weight: 6 },
    {
      arbitrary: fc.record({
        kind: fc.constant('process' as const),
        register,
        call,
        goesOn: fc.boolean(),
      }),
      weight: processes ? 10 : 0,
    },
    { arbitrary: fc.record({ kind: fc.constant('back-up' as const), at: place }), weight: restores ? 1 : 0 },
    { arbitrary: fc.record({ kind: fc.constant('restore' as const), at: place }), weight: restores ? 2 : 0 },
    { arbitrary: fc.record({ kind: fc.constant('re-image' as const), register }), weight: restores ? 1 : 0 },
    {
      arbitrary: fc.record({ kind: fc.constant('add-column' as const), at: place }),
      weight: restores ? 1 : 0,
    },
    { arbitrary: fc.constant({ kind: 'month' } as const), weight: months ? 1 : 0 },
    {
      arbitrary: fc.record({
        kind: fc.constant('trigger-off' as const),
        at: place,
        on: fc.constantFrom(...tableNames),
      }),
      weight: blindness ? 1 : 0,
    },
    { arbitrary: fc.record({ kind: fc.constant('repair' as const), at: place }), weight: blindness ? 1 : 0 },
  );
}
