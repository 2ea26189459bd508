/**
 * How many cases a property or a fuzz test tries, and from which seed. `npm test` takes a small number from one fixed
 * seed, so that it says the same every time; `npm run fuzz` sets STOREDB_FUZZ_CASES and takes a new seed. Either is
 * repeated with STOREDB_FUZZ_SEED.
 */

export const FIXED_SEED = 20_120_416;

export type Campaign = { readonly seed: number; readonly cases: number };

/** Of `usual` cases unless the environment asks for more; the seed is printed. */
export const campaign = (name: string, usual: number): Campaign => {
  const { STOREDB_FUZZ_CASES, STOREDB_FUZZ_SEED } = process.env;
  const cases = STOREDB_FUZZ_CASES === undefined ? usual : Number(STOREDB_FUZZ_CASES);
  const fresh = STOREDB_FUZZ_CASES === undefined ? FIXED_SEED : (Date.now() & 0x7fff_ffff) >>> 0;
  const seed = STOREDB_FUZZ_SEED === undefined ? fresh : Number(STOREDB_FUZZ_SEED);
  process.stdout.write(`${name}: ${cases} cases, STOREDB_FUZZ_SEED=${seed}\n`);
  return { seed, cases };
};

/** The same as parameters of fast-check. */
export const checkOptions = (name: string, usual: number): { seed: number; numRuns: number } => {
  const { seed, cases } = campaign(name, usual);
  return { seed, numRuns: cases };
};

/** How long a test of a campaign may take at most: a guard against hanging, not a measure. */
export const CAMPAIGN_TIMEOUT = process.env.STOREDB_FUZZ_CASES === undefined ? 60_000 : 4 * 3_600_000;

/** Repeatable random numbers; each case has a generator of its own, so that it can be repeated alone. */
export class Random {
  #state: number;

  constructor(seed: number, index: number) {
    this.#state = (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b)) >>> 0;
    for (let i = 0; i < 4; i++) this.next();
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number from 0 to below `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}
