import fc from 'fast-check';
import type { Rules } from '../../../../src/core/sync/rules.ts';
import { FIXED_SEED } from '../../../practice/campaign.ts';
import { play } from './player.ts';
import { type Climate, historyOf } from './step.ts';
import type { World } from './world.ts';

/** How many histories `npm test` plays altogether; the campaigns of the test files share them. */
const usualTotal = 2000;

const { STOREDB_HISTORIES: total, STOREDB_FUZZ_SEED: seed } = process.env;

/** A guard against hanging, not a measure. */
export const campaignTimeout = total === undefined ? 1_800_000 : 24 * 3_600_000;

/**
 * Plays random histories of a climate: `usual` of them from the fixed seed, or the same share of STOREDB_HISTORIES from
 * a new one, which is printed; STOREDB_FUZZ_SEED repeats one. What goes wrong is shrunk and printed as a script.
 */
export async function playMany(
  world: () => World,
  name: string,
  climate: Climate,
  usual: number,
): Promise<void> {
  const numRuns = total === undefined ? usual : Math.ceil((Number(total) * usual) / usualTotal);
  const fresh = total === undefined ? FIXED_SEED : (Date.now() & 0x7fff_ffff) >>> 0;
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
