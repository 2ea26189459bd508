import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  record,
  shuffledSubarray,
  tuple,
} from 'fast-check';
import { expect, test } from 'vitest';
import { CAMPAIGN_TIMEOUT, checkOptions } from '../campaign.ts';
import { startEngine } from '../engine/client.ts';
import { Actor, Schedule } from './schedule.ts';
import { type Isolation, type Piece, type Step, sentencesOf } from './transactions.ts';

const keys = integer({ min: 1, max: 4 });
const steps: Arbitrary<Step> = oneof(
  {
    weight: 8,
    arbitrary: record({ kind: constantFrom('read', 'increment', 'write', 'write-if'), key: keys }),
  },
  {
    weight: 2,
    arbitrary: record({ kind: constantFrom('insert', 'delete'), key: integer({ min: 3, max: 6 }) }),
  },
  {
    weight: 1,
    arbitrary: constantFrom<Step>({ kind: 'read-all' }, { kind: 'save' }, { kind: 'rollback-to-save' }),
  },
);
const piecesOf = (isolations: readonly Isolation[]): Arbitrary<Piece> =>
  record({
    isolation: constantFrom(...isolations),
    steps: array(steps, { minLength: 1, maxLength: 5 }),
    end: constantFrom('commit', 'commit', 'commit', 'rollback'),
  });
const SESSIONS = 3;

const play = async (
  all: readonly (readonly Piece[])[],
  choices: readonly number[],
  setUp: string,
): Promise<number> => {
  const { engine, connect } = startEngine();
  const { instance } = engine;
  const admin = await connect();
  await admin.run('create database shop');
  await admin.run('use shop');
  await admin.rows(setUp);
  await admin.rows('insert t values (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0)');
  const actors: Actor[] = [];
  for (const [i, program] of all.entries()) {
    const client = await connect();
    await client.run('use shop');
    actors.push(new Actor(client, sentencesOf(program, i + 1)));
  }
  const lockRows = () => [...instance.locks.rows(instance.transactions, () => 1)];
  const waiting = (): ReadonlySet<number> =>
    new Set(lockRows().flatMap((row) => (row.status === 'WAIT' ? [row.sessionId] : [])));
  const schedule = new Schedule(actors, waiting);
  await schedule.run(choices);
  // No update was lost, no lock is left.
  const rows = await admin.rows('set lock_timeout 0 select k, v, n from t with (tablockx) order by k');
  const expected = [...schedule.committed].flatMap(([key, content]) =>
    content === null ? [] : [[key, content.v, content.n]],
  );
  expect(rows).toEqual(expected.toSorted(([a = 0], [b = 0]) => a - b));
  expect(lockRows()).toEqual([]);
  expect(instance.transactions.size).toBe(0);
  return schedule.deadlocks;
};

/** Transactions that write the same rows in different orders: they meet, two by two and all three. */
const crossing: Arbitrary<Piece> = record({
  isolation: constantFrom<Isolation>('read committed'),
  steps: shuffledSubarray([1, 2, 3], { minLength: 2 }).map((order) =>
    order.map((key): Step => ({ kind: 'write', key })),
  ),
  end: constantFrom('commit', 'rollback'),
});

const schedulesOf = (isolations: readonly Isolation[]) => {
  const choices = array(integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 });
  const mixed = array(piecesOf(isolations), { minLength: 1, maxLength: 2 });
  return oneof(
    { weight: 2, arbitrary: tuple(array(mixed, { minLength: 2, maxLength: SESSIONS }), choices) },
    {
      weight: 1,
      arbitrary: tuple(
        array(array(crossing, { minLength: 1, maxLength: 2 }), { minLength: SESSIONS, maxLength: SESSIONS }),
        choices,
      ),
    },
  );
};

const locking: readonly Isolation[] = ['read committed', 'repeatable read', 'serializable'];
const keyed = 'create table t (k int primary key, v int not null, n int not null)';
const heap = 'create table t (k int not null, v int not null, n int not null) create unique index u on t (k)';

test.each([
  ['a keyed table', keyed, locking],
  ['a heap with a unique index', heap, locking],
  [
    'a keyed table with snapshots',
    `alter database shop set allow_snapshot_isolation on ${keyed}`,
    [...locking, 'snapshot', 'snapshot', 'snapshot'] satisfies Isolation[],
  ],
  [
    'a table of READ_COMMITTED_SNAPSHOT',
    `alter database shop set read_committed_snapshot on ${keyed}`,
    locking,
  ],
])(
  'concurrent transactions on %s: no dirty read, no lost update, no missed deadlock, no lock left',
  async (name, setUp, isolations) => {
    let deadlocks = 0;
    await assert(
      asyncProperty(schedulesOf(isolations), async ([all, choices]) => {
        deadlocks += await play(all, choices, setUp);
      }),
      checkOptions(`schedules on ${name}`, 200),
    );
    expect(deadlocks, 'schedules that never meet prove nothing').toBeGreaterThan(0);
  },
  CAMPAIGN_TIMEOUT,
);
