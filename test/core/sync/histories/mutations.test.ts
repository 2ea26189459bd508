import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rules, soundRules } from '../../../../src/core/sync/rules.ts';
import { campaignTimeout, goesWrong } from './campaign.ts';
import type { Climate } from './climate.ts';
import { play } from './player.ts';
import type { History } from './step.ts';
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
  only: { registers: 1, changes: ['insert', 'hand-over'], disturbances: [] },
};
const brokenWrites: Climate = {
  ...quiet,
  faults: true,
  only: { registers: 1, changes: ['insert', 'update'], disturbances: ['fault'] },
};
const deletions: Climate = {
  ...quiet,
  calm: false,
  only: { registers: 2, tables: ['SHIFT'], changes: ['insert', 'delete'], disturbances: [] },
};
const late: Climate = {
  ...quiet,
  calm: false,
  only: { registers: 2, changes: ['insert', 'delete'], disturbances: [] },
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
  ['tombstones go before every register has got them', { waitsForLate: false }, deletions],
  ['nobody writes down which tombstones are gone', { recordsCleanup: false }, { ...late, months: true }],
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

test('a sale that is made while a register is read for the first time comes apart when a window is read only once', async () => {
  const value = { amount: null, since: null, name: null };
  const change = { on: 'SALE', terminal: 'own', does: 'insert', ids: [1], code: null, value } as const;
  const rules = { ...soundRules, readsTogether: false };
  const found: unknown[] = [];
  for (let call = 18; call < 38; call++) {
    const disturbances = [{ call, what: 'change', at: 'r1', change } as const];
    const steps = [{ kind: 'cycle', register: 'r1', disturbances, isTwice: false, years: 0 } as const];
    const history: History = { registers: ['r1'], isNew: true, steps };
    await play(world, history, { calm: false }, rules).catch((error: unknown) => found.push(error));
  }
  expect(found).toContainEqual(
    expect.objectContaining({ promise: 'a window is there as a whole or not at all' }),
  );
});

test('a store that was put back by one cycle, and has written as much since, goes unnoticed without the tokens', async () => {
  const insert = (id: number) =>
    ({
      kind: 'change',
      at: 'store',
      isUndone: false,
      change: {
        on: 'ITEM',
        terminal: 'own',
        does: 'insert',
        ids: [id],
        code: null,
        value: { amount: null, since: null, name: null },
      },
    }) as const;
  const cycle = { kind: 'cycle', register: 'r1', disturbances: [], isTwice: false, years: 0 } as const;
  const history: History = {
    registers: ['r1'],
    isNew: false,
    steps: [
      { kind: 'back-up', at: 'store' },
      insert(1),
      cycle,
      { kind: 'restore', at: 'store' },
      insert(2),
      insert(3),
      insert(4),
    ],
  };
  await play(world, history, { calm: false });
  await expect(
    play(world, history, { calm: false }, { ...soundRules, comparesTokens: false }),
  ).rejects.toHaveProperty('promise', 'both sides are the same in the end');
});
