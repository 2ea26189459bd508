import fc from 'fast-check';
import { type Change, changeOf, type Numbered } from './change.ts';
import type { Disturbance } from './disturbance.ts';
import type { Place } from './small-shop.ts';

/**
 * What a campaign lets happen. `calm`: no two places ever take the same key or code, so nothing may be parked.
 */
export type Climate = {
  readonly calm: boolean;
  readonly faults: boolean;
  readonly restores: boolean;
  /** Months go by, and what was kept for those who are late is tidied away. */
  readonly months?: boolean;
  /** Tracking triggers are switched off for a while. */
  readonly blindness?: boolean;
  /** Synchronising processes that are killed; each takes a second to start. */
  readonly processes?: boolean;
  readonly maxSteps: number;
  /** Only these, where something special is looked for; and so many registers. */
  readonly only?: {
    readonly registers: number;
    readonly tables?: readonly Numbered[];
    readonly changes: readonly Change['does'][];
    readonly disturbances: readonly Disturbance['what'][];
  };
};

/** Who writes what: prices at the store, sales on registers, shifts everywhere; head office may correct a sale. */
export function changeAt(at: Place, { calm, only }: Climate): fc.Arbitrary<Change> {
  const of = (on: Numbered, weight: number) => ({
    arbitrary: changeOf(on, calm, only?.changes),
    weight: only?.tables?.includes(on) === false ? 0 : weight,
  });
  if (at !== 'store') return fc.oneof(of('SALE', 3), of(calm && at !== 'r1' ? 'SALE' : 'SHIFT', 2));
  if (calm) return fc.oneof(of('ITEM', 1));
  return fc.oneof(of('ITEM', 5), of('SHIFT', 3), of('SALE', 1));
}
