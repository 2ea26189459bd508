import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  oneof,
  record,
} from 'fast-check';
import { expect, test } from 'vitest';
import { CAMPAIGN_TIMEOUT, checkOptions } from '../campaign.ts';
import { startEngine } from '../engine/client.ts';
import { applied, type Change, emptyState, type State, schema, sqlOf } from './tables.ts';

type Command =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  | { readonly kind: 'save' | 'rollback-to'; readonly name: string };

const key = integer({ min: 1, max: 8 });
const step = constantFrom(-3, -1, 1, 2, 5);
const changes: Arbitrary<Change> = oneof(
  {
    weight: 5,
    arbitrary: record({
      kind: constantFrom('insert'),
      rows: array(
        record({
          k: oneof({ weight: 6, arbitrary: key }, { weight: 1, arbitrary: constantFrom(null) }),
          w: integer({ min: -1, max: 20 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      kind: constantFrom('insert-child'),
      table: constantFrom('c', 'd'),
      keys: array(key, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 3, arbitrary: record({ kind: constantFrom('shift'), by: step, from: key, to: key }) },
  record({ kind: constantFrom('weigh'), by: step, from: key, to: key }),
  record({ kind: constantFrom('clear'), key }),
  { weight: 2, arbitrary: record({ kind: constantFrom('delete'), from: key, to: key }) },
  record({ kind: constantFrom('delete-child'), table: constantFrom('c', 'd'), key }),
);
const names = constantFrom('one', 'two');
const commands: Arbitrary<Command> = oneof(
  { weight: 10, arbitrary: changes.map((change): Command => ({ kind: 'change', change })) },
  { weight: 3, arbitrary: record({ kind: constantFrom('begin', 'commit', 'rollback') }) },
  { weight: 2, arbitrary: record({ kind: constantFrom('save', 'rollback-to'), name: names }) },
);

const textOf = (command: Command): string => {
  switch (command.kind) {
    case 'change':
      return sqlOf(command.change);
    case 'begin':
    case 'commit':
    case 'rollback':
      return `${command.kind} tran`;
    case 'save':
      return `save tran ${command.name}`;
    case 'rollback-to':
      return `rollback tran ${command.name}`;
  }
};

/** The tables with the transaction that is open on them. */
class Model {
  readonly #abortsOnError: boolean;
  state: State = emptyState;
  depth = 0;
  /** Identity of the next row of `t`; rollbacks do not give identities back. */
  nextId = 1;
  #before: State = emptyState;
  #savepoints: { readonly name: string; readonly state: State }[] = [];

  constructor(abortsOnError: boolean) {
    this.#abortsOnError = abortsOnError;
  }

  /** The errors of which one must come, and the row count of a change that succeeds. */
  run(command: Command): { readonly errors: readonly number[]; readonly count?: number | undefined } {
    const fail = (number: number) => {
      // These are errors as any other: with XACT_ABORT they end the transaction.
      if (this.#abortsOnError) this.#end(this.#before);
      return { errors: [number] };
    };
    switch (command.kind) {
      case 'change': {
        const { errors, state, count, identities } = applied(this.state, command.change, this.nextId);
        this.nextId += identities;
        this.state = state;
        if (errors.length > 0 && this.#abortsOnError) this.#end(this.#before);
        if (this.depth === 0) this.#before = this.state;
        return { errors, count };
      }
      case 'begin':
        if (this.depth === 0) this.#before = this.state;
        this.depth += 1;
        return { errors: [] };
      case 'commit':
        if (this.depth === 0) return fail(3902);
        this.depth -= 1;
        if (this.depth === 0) this.#end(this.state);
        return { errors: [] };
      case 'rollback':
        if (this.depth === 0) return fail(3903);
        this.#end(this.#before);
        return { errors: [] };
      case 'save':
        if (this.depth === 0) return fail(628);
        this.#savepoints.push({ name: command.name, state: this.state });
        return { errors: [] };
      case 'rollback-to': {
        if (this.depth === 0) return fail(3903);
        const place = this.#savepoints.findLastIndex(({ name }) => name === command.name);
        const savepoint = this.#savepoints[place];
        if (savepoint === undefined) return fail(6401);
        this.#savepoints.length = place + 1;
        this.state = savepoint.state;
        return { errors: [] };
      }
    }
  }

  #end(state: State): void {
    this.state = state;
    this.#before = state;
    this.depth = 0;
    this.#savepoints = [];
  }
}

const dump =
  'select id, k, w from t order by id select k from c order by k select k from d order by k select @@trancount';
const sorted = (keys: readonly number[]) => keys.toSorted((a, b) => a - b).map((each) => [each]);

test(
  'changes, violations, rollbacks and savepoints leave the tables as a plain model says',
  async () => {
    await assert(
      asyncProperty(
        array(commands, { minLength: 1, maxLength: 25 }),
        boolean(),
        async (all, abortsOnError) => {
          const client = await startEngine().connect();
          for (const statement of ['create database shop', 'use shop', ...schema])
            await client.run(statement);
          await client.run(`set xact_abort ${abortsOnError ? 'on' : 'off'}`);
          const model = new Model(abortsOnError);
          for (const command of all) {
            const sql = textOf(command);
            const expected = model.run(command);
            const { errors, counts } = await client.run(sql);
            if (expected.errors.length === 0) expect([sql, errors]).toEqual([sql, []]);
            else {
              expect([sql, errors.length]).toEqual([sql, 1]);
              expect([sql, expected.errors]).toEqual([sql, expect.arrayContaining([errors[0]?.number])]);
            }
            if (expected.count !== undefined) expect([sql, counts]).toEqual([sql, [expected.count]]);
            const { sets } = await client.run(dump);
            expect([sql, ...sets.map((set) => set.rows)]).toEqual([
              sql,
              model.state.t.map(({ id, k, w }) => [id, k, w]),
              sorted(model.state.c),
              sorted(model.state.d),
              [[model.depth]],
            ]);
            // How many identities a failed statement of several rows takes is not documented: the table knows.
            if (command.kind === 'change' && command.change.kind === 'insert') {
              const [[current] = []] = await client.rows("select ident_current('t')");
              const isFailed = expected.errors.length > 0;
              if (!isFailed) expect(Number(current)).toBe(model.nextId - 1);
              model.nextId = Number(current) + 1;
            }
          }
        },
      ),
      checkOptions('changes of tables', 250),
    );
  },
  CAMPAIGN_TIMEOUT,
);
