import { setImmediate as turn } from 'node:timers/promises';
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
import type { Answer } from '../../conformance/cases.ts';
import { CAMPAIGN_TIMEOUT, checkOptions } from '../campaign.ts';
import { type Client, startEngine } from '../engine/client.ts';

type Step =
  | { readonly kind: 'read' | 'increment' | 'write' | 'write-if' | 'insert' | 'delete'; readonly key: number }
  | { readonly kind: 'read-all' | 'save' | 'rollback-to-save' };
type Isolation = 'read committed' | 'repeatable read' | 'serializable' | 'snapshot';
/** What one session does in one transaction. */
type Piece = {
  readonly isolation: Isolation;
  readonly steps: readonly Step[];
  readonly end: 'commit' | 'rollback';
};

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

type Content = { readonly v: number; readonly n: number };
/** Rows by key; null is a row that is not there (any more). */
type Overlay = ReadonlyMap<number, Content | null>;

const initial = new Map<number, Content | null>([1, 2, 3, 4].map((key) => [key, { v: 0, n: 0 }]));

type Sentence = {
  readonly step: Step | 'begin' | 'end';
  readonly sql: string;
  readonly token: number;
  readonly piece: Piece;
};

const sentencesOf = (program: readonly Piece[], session: number): Sentence[] => {
  let token = session * 1000;
  return program.flatMap((piece) => {
    const sentence = (step: Sentence['step'], sql: string): Sentence => ({
      step,
      sql,
      token: ++token,
      piece,
    });
    return [
      sentence('begin', `set transaction isolation level ${piece.isolation} begin tran`),
      ...piece.steps.map((step) => sentence(step, sqlOf(step, token + 1))),
      sentence('end', piece.end),
    ];
  });
};

const sqlOf = (step: Step, token: number): string => {
  switch (step.kind) {
    case 'read':
      return `select k, v, n from t where k = ${step.key}`;
    case 'read-all':
      return 'select k, v, n from t order by k';
    case 'increment':
      return `update t set n = n + 1 where k = ${step.key}`;
    case 'write':
      return `update t set v = ${token} where k = ${step.key}`;
    case 'write-if':
      return `update t set v = ${token} where k = ${step.key} and n = 0`;
    case 'insert':
      return `insert t values (${step.key}, ${token}, 0)`;
    case 'delete':
      return `delete t where k = ${step.key}`;
    case 'save':
      return 'save tran s';
    case 'rollback-to-save':
      return 'rollback tran s';
  }
};

/** A session in the model: what its transaction changed and saw. */
class Actor {
  readonly client: Client;
  readonly rest: Sentence[];
  pending: Sentence | undefined;
  answer: Answer | undefined;
  isInTransaction = false;
  own = new Map<number, Content | null>();
  saved: Overlay | undefined;
  /** Under REPEATABLE READ and above: what was read and must be read again. */
  seen = new Map<number, Content | null>();
  /** Under SERIALIZABLE: the keys of the whole table, where they were all read. */
  seenKeys: readonly number[] | undefined;
  /** Under SNAPSHOT: what was committed when the transaction first looked, and how often each row had changed. */
  snapshot: { readonly content: Overlay; readonly versions: ReadonlyMap<number, number> } | undefined;

  constructor(client: Client, rest: Sentence[]) {
    this.client = client;
    this.rest = rest;
  }

  start(): void {
    const sentence = this.rest.shift();
    if (sentence === undefined) throw new Error('nothing left to do');
    this.pending = sentence;
    void this.client.run(sentence.sql).then((answer) => {
      this.answer = answer;
    });
  }

  forget(): void {
    this.isInTransaction = false;
    this.own = new Map();
    this.saved = undefined;
    this.seen = new Map();
    this.seenKeys = undefined;
    this.snapshot = undefined;
  }
}

class Schedule {
  readonly #actors: readonly Actor[];
  readonly #waiting: () => ReadonlySet<number>;
  readonly #log: string[] = [];
  committed: Overlay = initial;
  /** How many commits changed each row. */
  #versions: ReadonlyMap<number, number> = new Map();
  deadlocks = 0;

  constructor(actors: readonly Actor[], waiting: () => ReadonlySet<number>) {
    this.#actors = actors;
    this.#waiting = waiting;
  }

  async run(choices: readonly number[]): Promise<void> {
    for (let turnCount = 0; ; turnCount++) {
      const ready = this.#actors.filter((actor) => actor.pending === undefined && actor.rest.length > 0);
      if (ready.length === 0) {
        const stuck = this.#actors.filter((actor) => actor.pending !== undefined);
        if (stuck.length > 0) throw this.#wrong(`a missed deadlock: ${stuck.length} sessions wait for ever`);
        return;
      }
      const actor = ready[(choices[turnCount % Math.max(1, choices.length)] ?? 0) % ready.length];
      if (actor === undefined) throw new Error('nobody');
      const waitersBefore = this.#waiting().size;
      const { step, piece } = actor.rest[0] ?? {};
      const looks = typeof step === 'object' && step.kind !== 'save' && step.kind !== 'rollback-to-save';
      if (looks && piece?.isolation === 'snapshot')
        actor.snapshot ??= { content: this.committed, versions: this.#versions };
      actor.start();
      await this.#settle();
      this.#record(waitersBefore);
    }
  }

  #wrong(what: string): Error {
    return new Error(`${what}\n${this.#log.join('\n')}`);
  }

  /** Until every statement under way is answered or waits for a lock. */
  async #settle(): Promise<void> {
    for (let turns = 0; turns < 100_000; turns++) {
      await turn();
      const waiting = this.#waiting();
      const isQuiet = this.#actors.every(
        ({ pending, answer, client }) =>
          pending === undefined || answer !== undefined || waiting.has(client.session.id),
      );
      if (isQuiet) return;
    }
    throw this.#wrong('a statement neither ends nor waits');
  }

  /** Takes in what was answered: first what was committed, then what was read. */
  #record(waitersBefore: number): void {
    const before = this.committed;
    const done = this.#actors.filter((actor) => actor.answer !== undefined);
    let victims = 0;
    for (const actor of done) {
      this.#log.push(`${actor.client.session.id}: ${actor.pending?.sql} -> ${JSON.stringify(actor.answer)}`);
      if (actor.answer?.errors[0]?.number !== 1205 && actor.pending?.step === 'end') this.#end(actor);
    }
    for (const actor of done) {
      const { pending, answer } = actor;
      actor.pending = undefined;
      actor.answer = undefined;
      if (pending === undefined || answer === undefined) continue;
      if (answer.errors[0]?.number === 1205) {
        victims += 1;
        actor.forget();
        // The rest of the transaction is gone with it.
        while (actor.rest.length > 0 && actor.rest[0]?.step !== 'begin') actor.rest.shift();
      } else if (answer.errors[0]?.number === 3960) {
        const { step } = pending;
        const key = typeof step === 'object' && 'key' in step ? step.key : undefined;
        if (key === undefined || !this.#isStale(actor, key)) throw this.#wrong('a conflict with nobody');
        actor.forget();
        while (actor.rest.length > 0 && actor.rest[0]?.step !== 'begin') actor.rest.shift();
      } else this.#take(actor, pending, answer, before);
    }
    if (victims > waitersBefore)
      throw this.#wrong(`${victims} deadlock victims where ${waitersBefore} waited`);
    this.deadlocks += victims;
  }

  #end(actor: Actor): void {
    if (actor.pending?.piece.end === 'commit') {
      this.committed = new Map([...this.committed, ...actor.own]);
      const versions = new Map(this.#versions);
      for (const key of actor.own.keys()) versions.set(key, (versions.get(key) ?? 0) + 1);
      this.#versions = versions;
    }
    actor.forget();
  }

  /** Somebody else changed the row since the snapshot was taken. */
  #isStale(actor: Actor, key: number): boolean {
    if (actor.snapshot === undefined || actor.own.has(key)) return false;
    return (this.#versions.get(key) ?? 0) > (actor.snapshot.versions.get(key) ?? 0);
  }

  #take(actor: Actor, { step, piece, token }: Sentence, answer: Answer, before: Overlay): void {
    const number = answer.errors[0]?.number;
    if (step === 'end') {
      if (number !== undefined) throw this.#wrong(`error ${number} at the end of a transaction`);
      return;
    }
    if (step === 'begin') {
      actor.isInTransaction = true;
      return;
    }
    /** What may be there now: the own change, or what was committed before or within this turn. */
    const possible = (key: number): readonly (Content | null)[] => {
      if (actor.own.has(key)) return [actor.own.get(key) ?? null];
      if (actor.snapshot !== undefined) return [actor.snapshot.content.get(key) ?? null];
      return [before.get(key) ?? null, this.committed.get(key) ?? null];
    };
    const isThere = (key: number): boolean => possible(key).some((content) => content !== null);
    const isAbsent = (key: number): boolean => possible(key).some((content) => content === null);
    switch (step.kind) {
      case 'read':
      case 'read-all': {
        const rows = new Map(
          (answer.sets[0]?.rows ?? []).map(([k, v, n]) => [Number(k), { v: Number(v), n: Number(n) }]),
        );
        const read = step.kind === 'read' ? [step.key] : [1, 2, 3, 4, 5, 6];
        for (const key of read) this.#see(actor, piece, key, rows.get(key) ?? null, possible(key));
        if (step.kind === 'read-all' && piece.isolation === 'serializable') {
          const others = [...rows.keys()].filter((key) => !actor.own.has(key));
          const known = actor.seenKeys?.filter((key) => !actor.own.has(key));
          if (known !== undefined && known.join() !== others.join())
            throw this.#wrong(`a phantom: ${known} became ${others}`);
          actor.seenKeys = [...rows.keys()];
        }
        return;
      }
      case 'increment':
      case 'write':
      case 'write-if': {
        if (number !== undefined) throw this.#wrong(`error ${number}`);
        const isWanted = (content: Content | null): boolean =>
          content !== null && (step.kind !== 'write-if' || content.n === 0);
        if (answer.counts[0] === 0) {
          if (possible(step.key).every(isWanted))
            throw this.#wrong(`an update that misses the row ${step.key}`);
          return;
        }
        // Whoever may change the row sees what is committed now.
        const current = actor.own.has(step.key) ? actor.own.get(step.key) : this.committed.get(step.key);
        if (!current || !isWanted(current))
          throw this.#wrong(`an update of the row ${step.key}, which is not there`);
        if (this.#isStale(actor, step.key))
          throw this.#wrong(`an update of ${step.key}, which has changed since the snapshot`);
        actor.own.set(
          step.key,
          step.kind === 'increment' ? { ...current, n: current.n + 1 } : { ...current, v: token },
        );
        return;
      }
      case 'insert':
        if (number === 2627 || number === 2601) {
          const isStale = this.#isStale(actor, step.key) && this.committed.get(step.key);
          if (!isThere(step.key) && !isStale)
            throw this.#wrong(`a duplicate of the row ${step.key}, which is not there`);
        } else if (number !== undefined) throw this.#wrong(`error ${number}`);
        else if (!isAbsent(step.key)) throw this.#wrong(`two rows ${step.key}`);
        else actor.own.set(step.key, { v: token, n: 0 });
        return;
      case 'delete':
        if (number !== undefined) throw this.#wrong(`error ${number}`);
        if (answer.counts[0] === 0) {
          if (!isAbsent(step.key)) throw this.#wrong(`a DELETE that misses the row ${step.key}`);
        } else if (!isThere(step.key))
          throw this.#wrong(`a DELETE of the row ${step.key}, which is not there`);
        else actor.own.set(step.key, null);
        return;
      case 'save':
        actor.saved = new Map(actor.own);
        return;
      case 'rollback-to-save':
        if (actor.saved === undefined) {
          if (number !== 6401) throw this.#wrong(`error ${number} instead of 6401`);
        } else actor.own = new Map(actor.saved);
    }
  }

  #see(
    actor: Actor,
    piece: Piece,
    key: number,
    found: Content | null,
    possible: readonly (Content | null)[],
  ): void {
    const isSame = (other: Content | null | undefined): boolean =>
      other?.v === found?.v && other?.n === found?.n && (other === null) === (found === null);
    if (!possible.some(isSame))
      throw this.#wrong(
        `a dirty or stale read of ${key}: ${JSON.stringify(found)} where ${JSON.stringify(possible)} may be`,
      );
    if (piece.isolation === 'read committed' || piece.isolation === 'snapshot' || actor.own.has(key)) return;
    const seen = actor.seen.get(key);
    // A row that was not there may come, but for SERIALIZABLE; one that was there stays as it was.
    if (seen !== undefined && seen !== null && !isSame(seen))
      throw this.#wrong(`a read of ${key} that does not repeat`);
    if (seen === null && piece.isolation === 'serializable' && found !== null)
      throw this.#wrong(`a phantom row ${key}`);
    actor.seen.set(key, found);
  }
}

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
