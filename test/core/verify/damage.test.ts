import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearOrigin, setOrigin } from '../../../src/core/offline/tracking/names.ts';
import type { SqlSession } from '../../../src/core/sql/session.ts';
import type { VerifyEvent } from '../../../src/core/verify/events.ts';
import { verify } from '../../../src/core/verify/verify.ts';
import { outcomeOf, type ShopOptions, sessionIn, shopInput } from '../offline/shop.ts';
import { startTestServer } from '../plan/test-server.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let store: SqlSession;
let register: SqlSession;
const shop: ShopOptions = { name: `storedb-verify-${process.pid}`, storeId: 'V1' };
const input = () => shopInput(server, 'offline-database', shop);

async function verified(): Promise<readonly VerifyEvent[]> {
  const events: VerifyEvent[] = [];
  for await (const event of verify(input(), new AbortController().signal)) events.push(event);
  return events;
}

async function failures() {
  const events = await verified();
  const last = events.at(-1);
  const failed = events.flatMap((event) =>
    event.kind === 'check' && event.status === 'failed' ? [event] : [],
  );
  // Every failure says what to do next, and the exit tells of it.
  for (const { hint } of failed) expect(hint).toMatch(/\S/);
  expect(last).toMatchObject({
    kind: 'verified',
    exit: failed.length > 0 ? 'verifyFoundProblems' : 'done',
    failed: failed.length,
  });
  return failed.map(({ id, message }) => `${id}: ${message}`);
}

beforeAll(async () => {
  server = await startTestServer();
  expect(await outcomeOf(shopInput(server, 'store-database', shop))).toMatchObject({ exit: 'done' });
  expect(await outcomeOf(input())).toMatchObject({ exit: 'done' });
  store = await sessionIn(server, `${shop.name}-store`);
  register = await sessionIn(server, `${shop.name}-HOUSTON-1`);
}, 120_000);

afterAll(async () => {
  await store.close();
  await register.close();
  await server.stop();
});

describe('verification', () => {
  it('finds no failure in an intact set-up, and says what it lacks', async () => {
    expect(await failures()).toEqual([]);
    const events = await verified();
    const warnings = events.flatMap((event) =>
      event.kind === 'check' && event.status === 'warning' ? [event.id] : [],
    );
    expect(warnings).toEqual(['synchronisation:service', 'pos:config']);
  }, 120_000);

  it.each<[string, 'store' | 'register', string, RegExp]>([
    [
      'a trigger that was dropped',
      'store',
      'DROP TRIGGER dbo.CURRENCY_storedb_tracking',
      /store:trigger-missing: CURRENCY in the store database/,
    ],
    [
      'a trigger that is off',
      'register',
      'DISABLE TRIGGER dbo.CURRENCY_storedb_tracking ON dbo.CURRENCY',
      /offline:trigger-off: CURRENCY in the offline database/,
    ],
    [
      'a trigger that somebody changed',
      'store',
      'ALTER TRIGGER dbo.TAXTABLE_storedb_tracking ON dbo.TAXTABLE AFTER INSERT AS BEGIN RETURN END',
      /store:trigger-changed: TAXTABLE/,
    ],
    [
      'an index that is missing',
      'store',
      'DROP INDEX IX_CURRENCY_tracking ON dbo.CURRENCY_tracking',
      /store:tracking-index: CURRENCY/,
    ],
    [
      'a right that was denied',
      'store',
      'DENY INSERT ON dbo.CURRENCY TO storedb_register',
      /store:grants:storedb_check: storedb_check may not read and write \[dbo\]\.\[CURRENCY\]/,
    ],
    [
      'a register that the store has forgotten',
      'store',
      "DELETE FROM storedb.Replica WHERE Kind = N'offline'",
      /synchronisation:replicas/,
    ],
  ])(
    'names %s, and a further run of apply mends it',
    async (what, side, damage, expected) => {
      await (side === 'store' ? store : register).batch(damage);
      expect((await failures()).join('\n')).toMatch(expected);
      if (what.includes('denied')) await store.batch('REVOKE INSERT ON dbo.CURRENCY TO storedb_register');
      else expect(await outcomeOf(input())).toMatchObject({ exit: 'done' });
      expect(await failures()).toEqual([]);
    },
    120_000,
  );

  it('finds a row that came past the triggers, as a bulk load can bring it', async () => {
    await store.batch(
      `${setOrigin(-1)} INSERT INTO dbo.CURRENCY (RECID, CURRENCYCODE) VALUES (9, N'XXX'); ${clearOrigin}`,
    );
    expect(await failures()).toEqual([expect.stringMatching(/^synchronisation:rows-differ: .*CURRENCY/)]);
    await store.batch(`${setOrigin(-1)} DELETE FROM dbo.CURRENCY WHERE RECID = 9; ${clearOrigin}`);
    expect(await failures()).toEqual([]);
  }, 120_000);

  it('signs in as the account of every day, and tells when its login has another password', async () => {
    const user = `verify_sync_${process.pid}`;
    const withAccount = (password: string) =>
      shopInput(server, 'offline-database', { ...shop, serviceAccount: { user, password } });
    expect(await outcomeOf(withAccount('Firs7-password'))).toMatchObject({ exit: 'done' });
    const accountLines = async (password: string) => {
      const lines: string[] = [];
      for await (const event of verify(withAccount(password), new AbortController().signal))
        if (event.kind === 'check' && event.id.includes(`account:${user}`))
          lines.push(`${event.id} ${event.status}`);
      return lines;
    };
    expect(await accountLines('Firs7-password')).toEqual([
      `store:account:${user} ok`,
      `offline:account:${user} ok`,
    ]);
    expect(await accountLines('0ther-password')).toEqual([
      `store:account:${user} failed`,
      `offline:account:${user} failed`,
    ]);
  }, 120_000);

  it('tells of errors of the synchronisation', async () => {
    await store.batch(
      `INSERT INTO dbo.RETAILOFFLINESYNCLOG (RECID, TERMINAL, SYNCSTOPTIME, TOTALUPLOADED, TOTALUPLOADEDERR) VALUES (2, N'HOUSTON-1', GETUTCDATE(), 3, 2)`,
    );
    expect((await failures()).join('\n')).toMatch(
      /synchronisation:log: The synchronisation of HOUSTON-1 had 2 errors/,
    );
    await store.batch('DELETE FROM dbo.RETAILOFFLINESYNCLOG');
  }, 120_000);
});
