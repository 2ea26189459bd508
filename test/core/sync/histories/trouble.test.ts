import { afterAll, beforeAll, test } from 'vitest';
import { campaignTimeout, playMany } from './campaign.ts';
import { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

const troubled = { faults: true, restores: false, maxSteps: 10 };

test(
  'whatever breaks in a cycle and whatever is changed meanwhile, everything arrives once or is parked',
  () => playMany(() => world, 'trouble', { ...troubled, calm: false }, 500),
  campaignTimeout,
);

test(
  'what passes by itself parks nothing',
  () => playMany(() => world, 'calm trouble', { ...troubled, calm: true }, 150),
  campaignTimeout,
);

test(
  'databases may be put back to an earlier state, registers set up anew, and columns added',
  () =>
    playMany(
      () => world,
      'restores',
      { ...troubled, calm: false, restores: true, months: true, blindness: true },
      440,
    ),
  campaignTimeout,
);

test(
  'a process may be killed at any moment',
  () =>
    playMany(() => world, 'killed processes', { ...troubled, calm: false, processes: true, maxSteps: 6 }, 10),
  campaignTimeout,
);
