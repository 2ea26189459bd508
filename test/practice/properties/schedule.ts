/** Plays transactions of several sessions one statement at a time, and checks every answer against a model of the locks' promises. */

import { setImmediate as turn } from 'node:timers/promises';
import type { Answer } from '../../conformance/cases.ts';
import type { Client } from '../engine/client.ts';
import { type Content, initial, type Overlay, type Piece, type Sentence } from './transactions.ts';

/** A session in the model: what its transaction changed and saw. */
export class Actor {
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

export class Schedule {
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
