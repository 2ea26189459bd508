/** A session of a practice engine in this process, with answers as plain values. */

import { createEngine, type EngineOptions } from '../../../src/practice/engine/engine.ts';
import type { Session } from '../../../src/practice/engine/results.ts';
import type { Answer, Cell } from '../../conformance/cases.ts';
import { collecting, login } from '../../conformance/in-process.ts';

export type Client = {
  readonly session: Session;
  /** Runs a batch; its whole answer. */
  run(sql: string, signal?: AbortSignal): Promise<Answer>;
  /** The rows of the last result set. Fails on errors. */
  rows(sql: string): Promise<readonly (readonly Cell[])[]>;
};

export const startEngine = (options: EngineOptions = {}) => {
  const engine = createEngine({ login: { user: 'sa', password: 'Secret-1' }, ...options });
  const connect = async (user?: string, password?: string, database = ''): Promise<Client> => {
    const session = await engine.login({ ...login(user, password), database });
    const run: Client['run'] = async (sql, signal = new AbortController().signal) => {
      const { sink, answer } = collecting();
      await session.batch(sql, sink, signal);
      return answer;
    };
    return {
      session,
      run,
      rows: async (sql) => {
        const answer = await run(sql);
        if (answer.errors.length > 0)
          throw new Error(answer.errors.map((error) => `${error.number} ${error.text}`).join('; '));
        return answer.sets.at(-1)?.rows ?? [];
      },
    };
  };
  return { engine, connect };
};

/** Two sessions in a fresh database `shop`. */
export const twoClients = async (): Promise<readonly [Client, Client]> => {
  const { connect } = startEngine();
  const first = await connect();
  await first.run('create database shop');
  await first.run('use shop');
  const second = await connect();
  await second.run('use shop');
  return [first, second];
};
