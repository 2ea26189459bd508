import { afterAll, beforeAll, test } from 'vitest';
import { campaignTimeout, playMany } from './campaign.ts';
import { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

const quiet = { faults: false, restores: false, maxSteps: 12 };

test(
  'whatever is changed and whenever it is synchronised, everything arrives once or is parked',
  () => playMany(() => world, 'everyday', { ...quiet, calm: false }, 550),
  campaignTimeout,
);

test(
  'where nobody takes what another one may have, nothing is parked',
  () => playMany(() => world, 'calm', { ...quiet, calm: true }, 200),
  campaignTimeout,
);

test(
  'who is late by a month, or had changes that nobody wrote down, gets everything in the end and takes nothing back',
  () =>
    playMany(() => world, 'late and blind', { ...quiet, calm: false, months: true, blindness: true }, 150),
  campaignTimeout,
);
