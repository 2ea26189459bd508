import { describe, expect, test } from 'vitest';
import { ExpectedError } from '../../../../src/core/errors.ts';
import { type Clock, systemClock } from '../../../../src/core/plan/index.ts';
import { openSync } from '../../../../src/core/sync/index.ts';
import { failure } from '../../plan/scripted-server.ts';
import { realServers } from '../../plan/store-runs.ts';
import type { Side } from '../window/databases.ts';
import { codes, logOf, moved, once, rowsOf, runOn, type Shop, watchedServers } from './shop.ts';
import { shopForEachTest } from './shop-for-each-test.ts';

let shop: Shop;
shopForEachTest((made) => {
  shop = made;
});
const signal = new AbortController().signal;

const trackedIn = async ({ session }: Side, table: string) =>
  (await session.query(`SELECT * FROM dbo.${table}_tracking ORDER BY 1`)).length;
/** Whose marks are aged are changed by it: they lie beyond every anchor. */
const ageAll = ({ session }: Side, table: string, days: number, where = '1 = 1') =>
  session.batch(
    `UPDATE dbo.${table}_tracking SET last_change_datetime = DATEADD(day, -${days}, last_change_datetime) WHERE ${where}`,
  );
const cleanedUpTo = async ({ session }: Side, table: string) =>
  (
    await session.query<{ at: string }>(
      `SELECT CAST(CAST(CleanupTimestamp AS bigint) AS varchar(20)) AS at FROM storedb.SyncTable WHERE TableName = N'${table}'`,
    )
  )[0]!.at;
const tidy = (registerId = 'R1') => once(shop.input(registerId), { logsIdle: false, tidies: true });

describe('the log', () => {
  test('says UTC of the store’s own clock, whatever the computer’s clock says, and when a scope was last synchronised', async () => {
    const clock: Clock = {
      ...systemClock,
      now: () => new Date(Date.UTC(2036, 0, 1)),
      sleep: async () => undefined,
    };
    await once(shop.input('R1', { clock }));
    const [row] = await shop.store.session.query<{ bad: number; terminals: number; last: number }>(
      `SELECT SUM(CASE WHEN SYNCSTARTTIME <= SYNCSTOPTIME AND SYNCSTOPTIME BETWEEN DATEADD(minute, -5, GETUTCDATE()) AND GETUTCDATE() THEN 0 ELSE 1 END) AS bad,
SUM(CASE WHEN TERMINAL = N'R1' AND RECID < 0 THEN 1 ELSE 0 END) AS terminals,
(SELECT COUNT(*) FROM dbo.RETAILOFFLINESCOPE WHERE LASTSYNCTIME > '20200101') AS last FROM dbo.RETAILOFFLINESYNCLOG`,
    );
    expect(row).toEqual({ bad: 0, terminals: 3, last: 3 });
  });

  test('counts an error for a scope that failed before any row, and both databases keep the reason', async () => {
    await shop.store.session.batch(`ALTER TABLE dbo.SALES ADD CONSTRAINT CK CHECK (TOTAL < 10)`);
    await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1), (N'2', 11)`);
    const servers = watchedServers(realServers(), (database, text) => {
      if (database === shop.register.name && text.includes('@moved') && text.includes('[PRICES]'))
        throw new ExpectedError({
          code: 'x',
          exit: 'prerequisite',
          message: 'Prices must not come.',
          hint: 'Wait.',
        });
    });
    const { result } = await once(shop.input('R1', { servers }));
    expect(result.scopes.map(({ outcome }) => outcome)).toEqual(['partly', 'done', 'failed']);
    expect(await logOf(shop.store)).toEqual([
      { scope: 11, down: '0=0+0', up: '2=1+1' },
      { scope: 12, down: '0=0+0', up: '0=0+0' },
      { scope: 13, down: '1=0+1', up: '0=0+0' },
    ]);
    for (const side of [shop.store, shop.register])
      expect(
        await side.session.query(
          `SELECT ScopeName AS scope, Outcome AS outcome, UploadedParked AS parked, Message AS message FROM storedb.SyncRun ORDER BY SyncRunId`,
        ),
      ).toEqual([
        { scope: 'Sales', outcome: 'partly', parked: 1, message: expect.stringContaining('SALES') },
        { scope: 'Shifts', outcome: 'done', parked: 0, message: null },
        { scope: 'Prices', outcome: 'failed', parked: 0, message: 'Prices must not come.' },
      ]);
  });

  test('of a refused register stays with it, and goes to the store with the next run, once', async () => {
    await shop.store.session.batch(
      `UPDATE storedb.Replica SET RetiredUtc = GETUTCDATE() WHERE RegisterId = N'R1'`,
    );
    expect((await once(shop.input())).result.outcome).toBe('failed');
    expect(await logOf(shop.store)).toEqual([]);
    await shop.store.session.batch('UPDATE storedb.Replica SET RetiredUtc = NULL');
    await once(shop.input());
    await once(shop.input());
    const rows = await logOf(shop.store);
    expect(rows.map(({ scope }) => scope)).toEqual([11, 12, 13, 11, 12, 13, 11, 12, 13]);
    expect(rows.slice(0, 3).map(({ up, down }) => [up, down])).toEqual([
      ['1=0+1', '0=0+0'],
      ['0=0+0', '1=0+1'],
      ['0=0+0', '1=0+1'],
    ]);
  });

  test('tells an idle scope every ten minutes only, one that stands otherwise at once', async () => {
    let elapsed = 0;
    const clock: Clock = { ...systemClock, elapsed: () => elapsed, sleep: async () => undefined };
    const link = await openSync(shop.input('R1', { clock }), signal);
    const rows = async () => {
      await runOn(link);
      return (await logOf(shop.store)).length;
    };
    expect(await rows()).toBe(3);
    elapsed += 599_000;
    expect(await rows()).toBe(3);
    await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
    expect(await rows()).toBe(4);
    elapsed += 2_000;
    expect(await rows()).toBe(6);
    await link.close();
  });
});

describe('a transaction that stays open at the store', () => {
  test('keeps changes back without losing any, and is told with its owner once it has lasted a minute', async () => {
    let elapsed = 0;
    const clock: Clock = { ...systemClock, elapsed: () => elapsed, sleep: async () => undefined };
    const link = await openSync(shop.input('R1', { clock }), signal);
    await runOn(link);
    await shop.store.session.batch(`BEGIN TRANSACTION; INSERT INTO dbo.PRICES VALUES (N'OPEN', 1)`);
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'LATER', 1)`);
    const told: string[] = [];
    for (let cycle = 0; cycle < 10; cycle++) {
      const ran = await runOn(link);
      expect(moved(ran)).toMatchObject({ Prices: '0/0' });
      told.push(...codes(ran));
      elapsed += 15_000;
    }
    expect(told).toEqual(Array.from({ length: 6 }, () => 'bound-stalled'));
    const { result } = await runOn(link);
    expect(result.findings[0]?.message).toMatch(
      /for 3 minutes: sa on .* \(storedb test, session \d+\), open since/,
    );
    await shop.store.session.batch('COMMIT TRANSACTION');
    const after = await runOn(link);
    expect(codes(after)).toEqual([]);
    expect(await rowsOf(shop.register, 'PRICES')).toHaveLength(2);
    await link.close();
  });

  test('without the right to see whose it is, that is what it says', async () => {
    let elapsed = 0;
    const clock: Clock = { ...systemClock, elapsed: () => elapsed, sleep: async () => undefined };
    const servers = watchedServers(realServers(), (_database, text) => {
      if (text.includes('dm_tran_active_transactions')) throw failure(300);
    });
    const link = await openSync(shop.input('R1', { clock, servers }), signal);
    await runOn(link);
    await shop.store.session.batch(`BEGIN TRANSACTION; INSERT INTO dbo.PRICES VALUES (N'OPEN', 1)`);
    await runOn(link);
    elapsed += 61_000;
    const { result } = await runOn(link);
    expect(result.findings[0]?.message).toContain('without the right VIEW SERVER STATE');
    await shop.store.session.batch('COMMIT TRANSACTION');
    await link.close();
  });
});

describe('tidying up', () => {
  const priceOf = async (side: Side) => (await rowsOf(side, 'PRICES')).map(({ ITEM }) => ITEM);

  test('removes what every register has got, and nothing that one of them lacks', async () => {
    const second = await shop.addRegister('R2');
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1), (N'B', 1)`);
    await once(shop.input('R1'));
    await once(shop.input('R2'));
    await shop.store.till.batch(`DELETE FROM dbo.PRICES WHERE ITEM = N'A'`);
    await tidy('R1');
    // R2 has not heard that A is gone.
    expect(await trackedIn(shop.store, 'PRICES')).toBe(1);
    await tidy('R2');
    expect(await trackedIn(shop.store, 'PRICES')).toBe(0);
    expect(await priceOf(shop.register)).toEqual(['B']);
    expect(await priceOf(second)).toEqual(['B']);
    // Nobody has to compare anything for it.
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'C', 1)`);
    expect(moved(await once(shop.input('R1')))).toMatchObject({ Prices: '0/1' });
    expect(moved(await once(shop.input('R2')))).toMatchObject({ Prices: '0/1' });
  });

  test('removes nothing of a table while a register that writes it has not said how far it is', async () => {
    const second = await shop.addRegister('R2');
    await shop.store.till.batch(`INSERT INTO dbo.SHIFTS VALUES (N'A', N'1')`);
    await once(shop.input('R1'));
    const servers = watchedServers(realServers(), (database, text) => {
      if (database === shop.store.name && text.includes('[Seen]')) throw failure(9002);
    });
    await once(shop.input('R2', { servers }));
    await shop.store.till.batch(`DELETE FROM dbo.SHIFTS`);
    await tidy('R1');
    await once(shop.input('R2'));
    for (const side of [shop.store, second]) expect(await rowsOf(side, 'SHIFTS')).toEqual([]);
  });

  test('a register that was retired holds nothing up', async () => {
    await shop.addRegister('R2');
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1)`);
    await once(shop.input('R1'));
    await once(shop.input('R2'));
    await shop.store.session.batch(
      `UPDATE storedb.Replica SET RetiredUtc = GETUTCDATE() WHERE RegisterId = N'R2'`,
    );
    await shop.store.till.batch('DELETE FROM dbo.PRICES');
    await tidy('R1');
    expect(await trackedIn(shop.store, 'PRICES')).toBe(0);
  });

  test('a register that was away longer than the retention compares the table, and loses nothing', async () => {
    const late = await shop.addRegister('R2');
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1), (N'B', 1)`);
    await once(shop.input('R1'));
    await once(shop.input('R2'));
    await shop.store.till.batch(`DELETE FROM dbo.PRICES WHERE ITEM = N'A'; UPDATE dbo.PRICES SET AMOUNT = 2`);
    await ageAll(shop.store, 'PRICES', 31);
    await tidy('R1');
    expect(await trackedIn(shop.store, 'PRICES')).toBe(0);
    expect(moved(await once(shop.input('R2')))).toMatchObject({ Prices: expect.stringMatching(/^0\/[12]$/) });
    expect(await rowsOf(late, 'PRICES')).toEqual(await rowsOf(shop.store, 'PRICES'));
  });

  test('of shifts, a register that was away for so long brings what it has changed, and nothing old', async () => {
    const late = await shop.addRegister('R2');
    await shop.store.till.batch(
      `INSERT INTO dbo.SHIFTS VALUES (N'GONE', N'1'), (N'THEIRS', N'1'), (N'OWN', N'1'), (N'BOTH', N'1')`,
    );
    await once(shop.input('R1'));
    await once(shop.input('R2'));
    await late.till.batch(`UPDATE dbo.SHIFTS SET STATUS = N'late' WHERE ID IN (N'OWN', N'BOTH')`);
    await shop.register.till.batch(`UPDATE dbo.SHIFTS SET STATUS = N'2' WHERE ID IN (N'THEIRS', N'BOTH');
DELETE FROM dbo.SHIFTS WHERE ID = N'GONE'`);
    await once(shop.input('R1'));
    await ageAll(shop.store, 'SHIFTS', 31, 'sync_row_is_tombstone = 1');
    await tidy('R1');
    const ran = await once(shop.input('R2'));
    expect(ran.result.scopes[1]).toMatchObject({ scope: 'Shifts', uploaded: { parked: 1 } });
    // Nobody can tell any more that GONE was deleted.
    const shifts = ['BOTH 2', 'GONE 1', 'OWN late', 'THEIRS 2'];
    for (const side of [shop.store, late])
      expect((await rowsOf(side, 'SHIFTS')).map(({ ID, STATUS }) => `${ID} ${STATUS}`)).toEqual(shifts);
  });

  test('does not take away what a register that is behind is reading at this moment', async () => {
    const late = await shop.addRegister('R2');
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1), (N'B', 1)`);
    await once(shop.input('R1'));
    await once(shop.input('R2'));
    await shop.store.till.batch(`UPDATE dbo.PRICES SET AMOUNT = 2`);
    await once(shop.input('R1'));
    await ageAll(shop.store, 'PRICES', 31);
    let hasTidied = false;
    // R1 tidies up after R2 has been told that nothing is gone, and before it reads.
    const slow = watchedServers(realServers(), async (database, text) => {
      if (hasTidied || database !== late.name || !text.includes('NextToken =')) return;
      hasTidied = true;
      await tidy('R1');
    });
    await once(shop.input('R2', { servers: slow }));
    expect(hasTidied).toBe(true);
    expect(await rowsOf(late, 'PRICES')).toEqual(await rowsOf(shop.store, 'PRICES'));
  });

  test('keeps at the store where sales came from, and at the register what the store has not got', async () => {
    await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
    await tidy();
    expect(await trackedIn(shop.store, 'SALES')).toBe(1);
    expect(await trackedIn(shop.register, 'SALES')).toBe(0);
    // The register may change its own sale later on.
    await shop.register.till.batch('UPDATE dbo.SALES SET TOTAL = 2');
    await ageAll(shop.register, 'SALES', 400);
    const servers = watchedServers(realServers(), (database, text) => {
      if (database === shop.store.name && text.includes('@moved')) throw failure(9002);
    });
    await once(shop.input('R1', { servers }), { logsIdle: false, tidies: true });
    expect(await trackedIn(shop.register, 'SALES')).toBe(1);
    expect(moved(await tidy())).toMatchObject({ Sales: '1/0' });
    expect(await rowsOf(shop.store, 'SALES')).toMatchObject([{ TOTAL: 2 }]);
  });

  test('keeps where sales came from also when the register that tidies up only takes that table', async () => {
    const taker = await shop.addRegister('R2');
    await taker.session.batch(
      `UPDATE storedb.SyncTable SET Direction = N'download' WHERE ScopeName = N'Sales'`,
    );
    await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
    await once(shop.input('R1'));
    await once(shop.input('R2'));
    await tidy('R2');
    expect(await trackedIn(shop.store, 'SALES')).toBe(1);
    await shop.register.till.batch('UPDATE dbo.SALES SET TOTAL = 2');
    expect(moved(await once(shop.input('R1')))).toMatchObject({ Sales: '1/0' });
  });

  test('removes old runs, log rows and settled conflicts, and keeps what waits for somebody', async () => {
    await once(shop.input());
    for (const { session } of [shop.store, shop.register])
      await session.batch(`UPDATE storedb.SyncRun SET FinishedUtc = DATEADD(day, -15, FinishedUtc);
INSERT INTO storedb.Conflict (RunId, PeerId, ScopeName, TableName, KeyText, Reason, Message, Status, Attempts, ParkedUtc, TriedUtc, ResolvedUtc)
SELECT NEWID(), 2, N'Sales', N'SALES', N'k', N'same-key', N'', N'accepted', 1, DATEADD(day, -200, GETUTCDATE()), DATEADD(day, -200, GETUTCDATE()), DATEADD(day, -100, GETUTCDATE());
INSERT INTO storedb.Conflict (RunId, PeerId, ScopeName, TableName, KeyText, Reason, Message, Status, Attempts, ParkedUtc, TriedUtc)
SELECT NEWID(), 2, N'Sales', N'SALES', N'k', N'same-key', N'', N'parked', 1, DATEADD(day, -200, GETUTCDATE()), DATEADD(day, -200, GETUTCDATE());`);
    await shop.store.session.batch(
      'UPDATE dbo.RETAILOFFLINESYNCLOG SET SYNCSTOPTIME = DATEADD(day, -15, SYNCSTOPTIME)',
    );
    await shop.register.session.batch(
      `UPDATE storedb.SyncRun SET DeliveredUtc = NULL, RunId = NEWID() WHERE ScopeName = N'Shifts'`,
    );
    expect((await tidy()).result.outcome).toBe('done');
    const left = async ({ session }: Side) =>
      (
        await session.query<{ what: string }>(
          `SELECT Status AS what FROM storedb.Conflict UNION ALL SELECT ScopeName FROM storedb.SyncRun`,
        )
      ).map(({ what }) => what);
    // The run that the store had not got, and those of this cycle.
    for (const side of [shop.store, shop.register])
      expect(await left(side)).toEqual(['parked', 'Shifts', 'Sales', 'Shifts', 'Prices']);
    expect(await logOf(shop.store)).toHaveLength(4);
    expect(await cleanedUpTo(shop.store, 'SALES')).toBe('0');
  });
});
