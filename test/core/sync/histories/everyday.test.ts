import { afterAll, beforeAll, test } from 'vitest';
import { campaignTimeout, playMany } from './campaign.ts';
import { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

test(
  'whatever is changed and whenever it is synchronised, everything arrives once',
  () => playMany(() => world, 'everyday', { calm: false, faults: false, restores: false, maxSteps: 14 }, 100),
  campaignTimeout,
);
