import fc from 'fast-check';
import type { Rules } from '../../../../src/core/sync/rules.ts';
import { FIXED_SEED } from '../../../practice/campaign.ts';
import type { Climate } from './climate.ts';
import { play } from './player.ts';
import { historyOf } from './step.ts';
import type { World } from './world.ts';

/** What the shares of the campaigns in the test files add up to. */
const whole = 2000;
/** How many histories `npm test` plays altogether: a sample. `npm run test:histories` plays them in numbers. */
const sample = 300;

const { STOREDB_HISTORIES: asked, STOREDB_FUZZ_SEED: seed } = process.env;

/** A guard against hanging, not a measure. */
export const campaignTimeout = asked === undefined ? 1_800_000 : 24 * 3_600_000;

/**
 * Plays random histories of a climate, `share` of the whole: of the sample from the fixed seed, of STOREDB_HISTORIES
 * from a new one, which is printed; STOREDB_FUZZ_SEED repeats one. What goes wrong is shrunk and printed as a script.
 */
export async function playMany(
  world: () => World,
  name: string,
  climate: Climate,
  share: number,
): Promise<void> {
  const numRuns = Math.ceil((Number(asked ?? sample) * share) / whole);
  const fresh = asked === undefined ? FIXED_SEED : (Date.now() & 0x7fff_ffff) >>> 0;
  const chosen = seed === undefined ? fresh : Number(seed);
  process.stdout.write(`${name}: ${numRuns} histories, STOREDB_FUZZ_SEED=${chosen}\n`);
  await fc.assert(
    fc.asyncProperty(historyOf(climate), (history) => play(world(), history, climate)),
    { numRuns, seed: chosen },
  );
}

/** Whether one of so many histories goes wrong with these rules. */
export async function goesWrong(
  world: World,
  climate: Climate,
  rules: Rules,
  numRuns: number,
): Promise<{ readonly after: number; readonly error: unknown } | undefined> {
  const details = await fc.check(
    fc.asyncProperty(historyOf(climate), (history) => play(world, history, climate, rules)),
    { numRuns, seed: FIXED_SEED, endOnFailure: true },
  );
  return details.failed ? { after: details.numRuns, error: details.errorInstance } : undefined;
}
