import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rules, soundRules } from '../../../../src/core/sync/rules.ts';
import { campaignTimeout, goesWrong } from './campaign.ts';
import type { Climate } from './step.ts';
import { World } from './world.ts';

/** Each rule of the synchronisation, broken on purpose: the histories must notice, or they prove nothing. */

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

const quiet: Climate = { calm: true, faults: false, restores: false, maxSteps: 12 };
const handOvers: Climate = {
  ...quiet,
  only: { changes: ['insert', 'hand-over'], disturbances: [] },
};
const brokenWrites: Climate = {
  ...quiet,
  faults: true,
  only: { changes: ['insert', 'update'], disturbances: ['fault'] },
};

const broken: readonly (readonly [what: string, rules: Partial<Rules>, climate: Climate])[] = [
  ['the bound is the latest rowversion, not the committed one', { bound: 'latest' }, quiet],
  ['a register gets back what it sent', { suppressesEcho: false }, quiet],
  ['gone rows are deleted last', { deletesFirst: false }, handOvers],
  [
    'anchors are saved before the rows, in a transaction of their own',
    { anchorsWithRows: false },
    brokenWrites,
  ],
];

for (const [what, rules, climate] of broken)
  test(
    `a history goes wrong when ${what}`,
    async () => {
      const wrong = await goesWrong(world, climate, { ...soundRules, ...rules }, 300);
      expect(wrong?.error).toHaveProperty('promise');
    },
    campaignTimeout,
  );
