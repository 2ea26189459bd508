import { describe, expect, it } from 'vitest';
import { takeDeployerLock } from '../../../src/core/plan/lock.ts';
import type { SqlRow } from '../../../src/core/sql/session.ts';
import { failure, ScriptedServer } from './scripted-server.ts';

const signal = new AbortController().signal;
const take = (result: number, locks: readonly SqlRow[] | Error = []) => {
  const server = new ScriptedServer((text) =>
    text.includes('sp_getapplock') ? [{ result }] : text.includes('dm_tran_locks') ? locks : undefined,
  );
  return { server, lock: takeDeployerLock(server.open(), 'AXRETAILPOS', signal) };
};
const row = {
  description: '0:[storedb:axretailpos]:(3bd21fd4)',
  host: 'REG2 ',
  program: 'storedb',
  login: 'SHOP\\anna',
  since: new Date(Date.UTC(2026, 10, 22, 14, 2)),
};

describe("the deployer's lock", () => {
  it.each([0, 1])('is held when the server answers %i', async (result) => {
    const lock = await take(result).lock;
    expect(() => lock.assertHeld()).not.toThrow();
  });

  it('is not held when the server says that somebody else has it, although the call itself worked', async () => {
    await expect(take(-1).lock).rejects.toMatchObject({ exit: 'locked', code: 'locked' });
  });

  it.each([-2, -3, -999])('accuses nobody when the server answers %i', async (result) => {
    await expect(take(result).lock).rejects.toMatchObject({
      exit: 'prerequisite',
      code: 'lock-refused',
      details: { result },
    });
  });

  it('names who holds it, from where and since when', async () => {
    const other = { ...row, description: '0:[storedb:another]:(00000000)', login: 'nobody' };
    await expect(take(-1, [other, row]).lock).rejects.toMatchObject({
      message: expect.stringContaining('SHOP\\anna on REG2 (storedb, connected since 2026-11-22 14:02'),
    });
  });

  it('still says that somebody holds it where the views are missing', async () => {
    await expect(take(-1, failure(208)).lock).rejects.toMatchObject({
      message: expect.stringMatching(/^Somebody else is at work/),
    });
  });

  it('is lost with its connection, and says how to go on', async () => {
    const { server, lock } = take(0);
    const held = await lock;
    server.isLost = true;
    expect(() => held.assertHeld()).toThrow(
      expect.objectContaining({ code: 'lock-lost', exit: 'failedPartWay' }),
    );
    await expect(held.release()).resolves.toBeUndefined();
  });
});
