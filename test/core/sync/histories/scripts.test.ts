import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Change, Value } from './change.ts';
import { play } from './player.ts';
import type { Place, Register } from './small-shop.ts';
import type { Step } from './step.ts';
import { World } from './world.ts';

/** Histories that once went wrong, or would without a rule that is easy to overlook; small enough to be read. */

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

const value = (name: string): Value => ({ amount: null, since: null, name });
const change = (at: Place, what: Pick<Change, 'on'> & Record<string, unknown>): Step => ({
  kind: 'change',
  at,
  isUndone: false,
  change: { terminal: 'own', ...what } as Change,
});
const insert = (at: Place, on: Change['on'], id: number): Step =>
  change(at, { on, does: 'insert', ids: [id], code: null, value: value('new') });
const update = (at: Place, on: Change['on'], id: number): Step =>
  change(at, { on, does: 'update', from: id, to: id, value: value('changed') });
const cycle = (register: Register): Step => ({
  kind: 'cycle',
  register,
  disturbances: [],
  isTwice: false,
  years: 0,
});
const script = (...steps: readonly Step[]) =>
  play(world, { registers: ['r1', 'r2'], isNew: false, steps }, { calm: false });

describe.each(['r1', 'r2'] as const)(
  'a sale with its lines, made at %s while it is read for the first time',
  (register) => {
    const sale = insert(register, 'SALE', 1) as Extract<Step, { readonly kind: 'change' }>;
    const calls = Array.from({ length: 20 }, (_, index) => index + 18);

    test.each(calls)('before call %i of the cycle, arrives as a whole', async (call) => {
      const disturbances = [{ call, what: 'change', at: register, change: sale.change } as const];
      const steps = [{ kind: 'cycle', register, disturbances, isTwice: false, years: 0 } as const];
      await play(world, { registers: [register], isNew: true, steps }, { calm: false });
    });
  },
);

describe('a shift that only others have changed', () => {
  const known = [insert('r1', 'SHIFT', 1), cycle('r1'), cycle('r2')];

  test('is not put back by a register that was away longer than changes are kept', async () => {
    await script(
      ...known,
      update('r1', 'SHIFT', 1),
      cycle('r1'),
      { kind: 'month' },
      cycle('r1'),
      cycle('r2'),
    );
  });

  test('is not put back after the store’s trigger was off', async () => {
    await script(
      ...known,
      { kind: 'trigger-off', at: 'store', on: 'SHIFT' },
      update('store', 'SHIFT', 1),
      { kind: 'repair', at: 'store' },
      cycle('r2'),
    );
  });
});
