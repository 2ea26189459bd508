import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import type { SqlSession } from '../../../src/core/sql/session.ts';
import type { SyncInput } from '../../../src/core/sync/index.ts';
import { syncInputOf } from '../../../src/core/sync/setup-input.ts';
import type { Check } from '../../../src/core/verify/events.ts';
import { verify } from '../../../src/core/verify/verify.ts';
import { outcomeOf, sessionIn, shopInput } from '../offline/shop.ts';
import { startTestServer } from '../plan/test-server.ts';
import { once } from '../sync/cycle/shop.ts';

const account = { user: `synced_run_${process.pid}`, password: 'Run-t1me-password' };
const shop = { name: `synced_${process.pid}`, serviceAccount: account };
let server: Awaited<ReturnType<typeof startTestServer>>;
let store: SqlSession;
let register: SqlSession;
beforeAll(async () => {
  server = await startTestServer();
  expect(await outcomeOf(shopInput(server, 'store-database', shop))).toMatchObject({ exit: 'done' });
  expect(await outcomeOf(input())).toMatchObject({ exit: 'done' });
  store = await sessionIn(server, `${shop.name}-store`);
  register = await sessionIn(server, `${shop.name}-HOUSTON-1`);
}, 240_000);
afterAll(async () => {
  await store.close();
  await register.close();
  await server.stop();
});

const input = () => shopInput(server, 'offline-database', shop);

/** As the service runs: with the account of every day, which may read and write rows and no more. */
function asService(): SyncInput {
  const found = syncInputOf(input());
  const signIn = { kind: 'sql', user: account.user, password: new Secret(account.password) } as const;
  return { ...found, store: { ...found.store, signIn }, offline: { ...found.offline, signIn } };
}

async function checks(): Promise<readonly Check[]> {
  const found: Check[] = [];
  for await (const event of verify(input(), new AbortController().signal))
    if (event.kind === 'check') found.push(event);
  return found;
}
const ofStatus = (found: readonly Check[], status: Check['status']) =>
  found.filter((check) => check.status === status && check.group === 'synchronisation').map(({ id }) => id);

it('finds a register that has synchronised with the shipped profile alike to its store, and says so', async () => {
  const ran = await once(asService());
  expect(ran.result.scopes.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  expect(ran.result).toMatchObject({ outcome: 'done', findings: [] });
  const found = await checks();
  expect(ofStatus(found, 'failed')).toEqual([]);
  expect(ofStatus(found, 'ok')).toEqual(
    expect.arrayContaining(['synchronisation:log', 'synchronisation:runs', 'synchronisation:rows']),
  );
  // Its own record must not be a change that goes to every register.
  const again = await once(asService());
  expect(
    again.result.scopes.filter(({ downloaded, uploaded }) => downloaded.total + uploaded.total > 0),
  ).toEqual([]);
}, 240_000);

it('names the scope whose last run went wrong, parked rows, and a silence of days', async () => {
  await store.batch(
    `INSERT INTO dbo.RETAILTRANSACTIONTABLE (STORE, TERMINAL, TRANSACTIONID, DATAAREAID) VALUES (N'HOUSTON', N'HOUSTON-1', N'T1', N'usrt');
UPDATE dbo.RETAILTRANSACTIONTABLE SET ENTRYSTATUS = 3 WHERE TRANSACTIONID = N'T1'`,
  );
  await register.batch(
    `INSERT INTO dbo.RETAILTRANSACTIONTABLE (STORE, TERMINAL, TRANSACTIONID, DATAAREAID) VALUES (N'HOUSTON', N'HOUSTON-1', N'T1', N'usrt')`,
  );
  expect((await once(asService())).result.outcome).toBe('partly');
  const found = await checks();
  expect(ofStatus(found, 'failed')).toEqual(
    expect.arrayContaining(['synchronisation:log', 'synchronisation:parked']),
  );
  expect(found.filter(({ id }) => id.startsWith('synchronisation:scope:'))).toMatchObject([
    { message: expect.stringContaining('RETAILTRANSACTIONTABLE') },
  ]);
  await store.batch('UPDATE dbo.RETAILOFFLINESYNCLOG SET SYNCSTOPTIME = DATEADD(day, -3, SYNCSTOPTIME)');
  expect((await checks()).find(({ id }) => id === 'synchronisation:log')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('72 hours old'),
  });
}, 240_000);
