import { expect, test } from 'vitest';
import { whichService } from '../../src/cli/service/which-service.ts';
import type { Machine } from '../../src/core/service/machine/machine.ts';

/** A computer with these services. */
const having = (...names: readonly string[]) =>
  ({
    places: { configurations: '/etc/storedb' },
    configurations: { names: async () => names },
  }) as Partial<Machine> as Machine;

test('the only service of a computer need not be named', async () => {
  expect(await whichService(undefined, having('storedb-houston-1'))).toBe('storedb-houston-1');
});

test('of several one has to be named, and the message lists them', async () => {
  const two = having('storedb-houston-1', 'storedb-houston-2');
  await expect(whichService(undefined, two)).rejects.toMatchObject({
    code: 'service-not-named',
    exit: 'usage',
    message: expect.stringContaining('storedb-houston-1, storedb-houston-2'),
  });
  expect(await whichService('storedb-houston-2', two)).toBe('storedb-houston-2');
});

test('where there is none, or none that may be seen, that is said', async () => {
  await expect(whichService(undefined, having())).rejects.toMatchObject({
    code: 'service-missing',
    exit: 'prerequisite',
    message: expect.stringContaining('/etc/storedb'),
  });
});
