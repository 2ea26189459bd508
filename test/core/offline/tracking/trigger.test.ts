import fc from 'fast-check';
import { TYPES } from 'tedious';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearOrigin, narrowOrigin, setOrigin } from '../../../../src/core/offline/tracking/names.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { dropDatabase, sessionIn } from '../shop.ts';
import { prepare, provisionTable } from './tracked-table.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let session: SqlSession;
const database = `storedb-tracking-${process.pid}`;

beforeAll(async () => {
  server = await startTestServer();
  const master = await sessionIn(server, 'master');
  await master.batch(`CREATE DATABASE [${database}]`);
  await master.close();
  session = await sessionIn(server, database);
  await session.batch(prepare);
  await provisionTable(
    session,
    'CREATE TABLE dbo.[S]]ales] ([key] int NOT NULL, Part nvarchar(10) NOT NULL, Amount int NULL, CONSTRAINT PK_Sales PRIMARY KEY CLUSTERED ([key], Part))',
    'S]ales',
  );
});

afterAll(async () => {
  await session.close();
  const master = await sessionIn(server, 'master');
  await dropDatabase(master, database);
  await master.close();
  await server.stop();
});

type Tracked = { readonly key: number; readonly gone: boolean; readonly origin: number | null };

const tracking = () =>
  session.query<Tracked>(
    `SELECT [key], sync_row_is_tombstone AS gone, update_scope_local_id AS origin FROM dbo.[S]]ales_tracking] ORDER BY [key]`,
  );

const reset = () =>
  session.batch(`${clearOrigin} DELETE FROM dbo.[S]]ales]; DELETE FROM dbo.[S]]ales_tracking];`);

/** What a statement does to a table with the key `key`, and what it leaves in a model of the same table. */
type Operation =
  | { readonly kind: 'insert'; readonly keys: readonly number[] }
  | { readonly kind: 'update'; readonly from: number; readonly to: number }
  | { readonly kind: 'delete'; readonly from: number; readonly to: number }
  /** Every key up by one, in one statement: keys are gone and come at once. */
  | { readonly kind: 'shift'; readonly by: number }
  | { readonly kind: 'exchange'; readonly one: number; readonly other: number }
  /** Somebody else's MERGE: `keys` are changed or come, those from `from` to `to` that are not among them go. */
  | {
      readonly kind: 'merge';
      readonly keys: readonly number[];
      readonly from: number;
      readonly to: number;
    };

const key = fc.integer({ min: 1, max: 8 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), keys: fc.uniqueArray(key, { minLength: 1 }) }),
  fc.record({ kind: fc.constant('update' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('delete' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('shift' as const), by: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('exchange' as const), one: key, other: key }),
  fc.record({
    kind: fc.constant('merge' as const),
    keys: fc.uniqueArray(key, { minLength: 1 }),
    from: key,
    to: key,
  }),
);
/**
 * Who makes the change: nobody special, another replica, one that writes into this table alone, house-keeping; a
 * stranger's CONTEXT_INFO, or a replica that writes into another table.
 */
const author = fc.constantFrom(
  null,
  2,
  7,
  'this table' as const,
  -1,
  'stranger' as const,
  'elsewhere' as const,
);
type Author = typeof author extends fc.Arbitrary<infer Value> ? Value : never;

const contextOf = (who: Author): string => {
  if (who === null) return clearOrigin;
  if (who === 'stranger') return 'SET CONTEXT_INFO 0x73746F7265;';
  if (who === 'this table') return `${setOrigin(3)} ${narrowOrigin('[dbo].[S]]ales]')}`;
  if (who === 'elsewhere') return `${setOrigin(3)} ${narrowOrigin('[dbo].[S]]ales_tracking]')}`;
  return setOrigin(who);
};

const originOf = (who: Author): number | null =>
  who === 'this table' ? 3 : typeof who === 'number' ? who : null;

const step = fc.record({ operation, author, isUndone: fc.boolean() });

type Model = { readonly rows: Set<number>; readonly tracked: Map<number, number | null> };

function sqlOf(change: Operation): string {
  const table = 'dbo.[S]]ales]';
  switch (change.kind) {
    case 'insert': {
      const rows = change.keys.map((each) => `SELECT ${each} AS k`).join(' UNION ALL ');
      return `INSERT INTO ${table} ([key], Part, Amount) SELECT k, N'a', 1 FROM (${rows}) AS n WHERE NOT EXISTS (SELECT 1 FROM ${table} AS t WHERE t.[key] = n.k)`;
    }
    case 'update':
      return `UPDATE ${table} SET Amount = Amount + 1 WHERE [key] BETWEEN ${change.from} AND ${change.to}`;
    case 'delete':
      return `DELETE FROM ${table} WHERE [key] BETWEEN ${change.from} AND ${change.to}`;
    case 'shift':
      return `UPDATE ${table} SET [key] = [key] + ${change.by}`;
    case 'exchange':
      return `UPDATE ${table} SET [key] = CASE [key] WHEN ${change.one} THEN ${change.other} ELSE ${change.one} END WHERE [key] IN (${change.one}, ${change.other}) AND 2 = (SELECT COUNT(*) FROM ${table} WHERE [key] IN (${change.one}, ${change.other}))`;
    case 'merge':
      return `MERGE ${table} AS t USING (VALUES ${change.keys.map((each) => `(${each})`).join(', ')}) AS n (k) ON t.[key] = n.k
WHEN MATCHED THEN UPDATE SET Amount = t.Amount + 1
WHEN NOT MATCHED THEN INSERT ([key], Part, Amount) VALUES (n.k, N'a', 1)
WHEN NOT MATCHED BY SOURCE AND t.[key] BETWEEN ${change.from} AND ${change.to} THEN DELETE;`;
  }
}

/** The keys that the statement touches in the model, and the rows after it. */
function play(rows: ReadonlySet<number>, change: Operation): { touched: Set<number>; after: Set<number> } {
  const all = [...rows];
  switch (change.kind) {
    case 'insert': {
      const added = change.keys.filter((each) => !rows.has(each));
      return { touched: new Set(added), after: new Set([...all, ...added]) };
    }
    case 'update': {
      const hit = all.filter((each) => each >= change.from && each <= change.to);
      return { touched: new Set(hit), after: new Set(all) };
    }
    case 'delete': {
      const hit = all.filter((each) => each >= change.from && each <= change.to);
      return { touched: new Set(hit), after: new Set(all.filter((each) => !hit.includes(each))) };
    }
    case 'shift': {
      const moved = all.map((each) => each + change.by);
      return { touched: new Set([...all, ...moved]), after: new Set(moved) };
    }
    case 'exchange': {
      const isHit = change.one !== change.other && rows.has(change.one) && rows.has(change.other);
      return { touched: new Set(isHit ? [change.one, change.other] : []), after: new Set(all) };
    }
    case 'merge': {
      const gone = all.filter(
        (each) => !change.keys.includes(each) && each >= change.from && each <= change.to,
      );
      const left = all.filter((each) => !gone.includes(each));
      return { touched: new Set([...change.keys, ...gone]), after: new Set([...left, ...change.keys]) };
    }
  }
}

describe('the tracking trigger', () => {
  it('writes down every change of any statements, by whoever made them, and none that was undone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        await reset();
        const model: Model = { rows: new Set(), tracked: new Map() };
        for (const { operation: change, author: who, isUndone } of steps) {
          const context = contextOf(who);
          const statement = sqlOf(change);
          await session.batch(
            isUndone
              ? `${context} BEGIN TRANSACTION; ${statement}; ROLLBACK TRANSACTION;`
              : `${context} ${statement};`,
          );
          if (isUndone) continue;
          const { touched, after } = play(model.rows, change);
          model.rows.clear();
          for (const each of after) model.rows.add(each);
          if (who === -1) continue;
          for (const each of touched) model.tracked.set(each, originOf(who));
        }
        const expected = [...model.tracked]
          .sort(([one], [other]) => one - other)
          .map(([each, origin]) => ({ key: each, origin }));
        const found = await tracking();
        expect(found.map(({ key: each, origin }) => ({ key: each, origin }))).toEqual(expected);
        // House-keeping leaves the mark as it was: what is there is asked of the table itself.
        const untracked = steps.some(({ author: who, isUndone }) => who === -1 && !isUndone);
        if (!untracked)
          expect(found.map(({ gone }) => gone)).toEqual(expected.map((each) => !model.rows.has(each.key)));
      }),
    );
  }, 120_000);

  it('gives every change a rowversion above all earlier ones', async () => {
    await reset();
    const version = async () => {
      const [row] = await session.query<{ v: string }>(
        `SELECT CONVERT(varchar(20), MAX(CAST(local_update_peer_timestamp AS bigint))) AS v FROM dbo.[S]]ales_tracking]`,
      );
      return BigInt(row!.v);
    };
    let before = 0n;
    for (const change of [
      "INSERT INTO dbo.[S]]ales] VALUES (1, N'a', 1)",
      'UPDATE dbo.[S]]ales] SET Amount = 2',
      'DELETE FROM dbo.[S]]ales]',
      "INSERT INTO dbo.[S]]ales] VALUES (1, N'a', 3)",
    ]) {
      await session.batch(change);
      const after = await version();
      expect(after).toBeGreaterThan(before);
      before = after;
    }
    expect(await tracking()).toEqual([{ key: 1, gone: false, origin: null }]);
  });

  it('does nothing for a statement that changes no row', async () => {
    await reset();
    await session.batch(
      'DELETE FROM dbo.[S]]ales] WHERE 1 = 0; UPDATE dbo.[S]]ales] SET Amount = 1 WHERE 1 = 0;',
    );
    expect(await tracking()).toEqual([]);
  });

  it('tells the key of a change of letter case as one key, where the collation takes them for the same', async () => {
    await reset();
    await session.batch(
      "INSERT INTO dbo.[S]]ales] VALUES (1, N'a', 1); UPDATE dbo.[S]]ales] SET Part = N'A';",
    );
    expect(await tracking()).toEqual([{ key: 1, gone: false, origin: null }]);
  });

  it('leaves @@ROWCOUNT and the messages of the statement as they were', async () => {
    await reset();
    const rows = await session.query<{ n: number }>(
      "INSERT INTO dbo.[S]]ales] VALUES (1, N'a', 1), (2, N'a', 1); SELECT @@ROWCOUNT AS n",
    );
    expect(rows).toEqual([{ n: 2 }]);
  });
});

it('two tills that sell at the same time do not wait for each other', async () => {
  await reset();
  const other = await sessionIn(server, database);
  await session.batch("BEGIN TRANSACTION; INSERT INTO dbo.[S]]ales] VALUES (1, N'a', 1);");
  await other.batch(`SET LOCK_TIMEOUT 5000;
INSERT INTO dbo.[S]]ales] VALUES (2, N'a', 1);
UPDATE dbo.[S]]ales] SET Amount = 2 WHERE [key] = 2 AND Part = N'a';
DELETE FROM dbo.[S]]ales] WHERE [key] = 2 AND Part = N'a';`);
  await session.batch('COMMIT TRANSACTION;');
  await other.close();
  expect((await tracking()).map(({ key: each }) => each)).toEqual([1, 2]);
});

it('sees a bulk load that fires triggers; one that does not goes by unseen, which is what verification is for', async () => {
  await reset();
  const load = (key: number, fireTriggers: boolean) =>
    (session as DriverSession).withDriver(
      (connection) =>
        new Promise<void>((resolve, reject) => {
          const bulk = connection.newBulkLoad('dbo.[S]]ales]', { fireTriggers }, (error) =>
            error ? reject(error) : resolve(),
          );
          bulk.addColumn('key', TYPES.Int, { nullable: false });
          bulk.addColumn('Part', TYPES.NVarChar, { nullable: false, length: 10 });
          bulk.addColumn('Amount', TYPES.Int, { nullable: true });
          connection.execBulkLoad(bulk, [[key, 'a', 1]]);
        }),
    );
  await load(1, true);
  await load(2, false);
  expect(await session.query('SELECT [key] FROM dbo.[S]]ales] ORDER BY [key]')).toEqual([
    { key: 1 },
    { key: 2 },
  ]);
  expect(await tracking()).toEqual([{ key: 1, gone: false, origin: null }]);
});
