import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/core/plan/index.ts';
import { quoteName } from '../../../src/core/sql/identifiers.ts';
import { type Cut, cutServers } from './cut-servers.ts';
import {
  catalogOf,
  inputFor,
  realServers,
  runToEnd,
  type TestServer,
  testPack,
  withSession,
} from './store-runs.ts';
import { startTestServer } from './test-server.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const drop = (name: string) =>
  withSession(server, undefined, (session) =>
    session.batch(`IF DB_ID(N'${name}') IS NOT NULL DROP DATABASE ${quoteName(name)};`),
  );

/** Wherever a run is killed, the next one finishes the work and the result is the same as of a run that was not killed. */
describe('a run that is killed', () => {
  const cutRun = async (name: string, cut: Cut | undefined, scripts: number) => {
    const { servers, count } = cutServers(realServers(), cut);
    const input = inputFor(server, name, await testPack({ scripts }), { servers, storeId: name.slice(-8) });
    const { last } = await runToEnd(input);
    return { last, count: count() };
  };

  it.each(['before', 'after'] as const)(
    '%s any of its statements is finished by the next one',
    { timeout: 110_000 },
    async (when) => {
      const name = `storedb_kill_${when}_${process.pid}`;
      const whole = await cutRun(name, undefined, 3);
      expect(whole.last.exit).toBe('done');
      const expected = await catalogOf(server, name);
      await drop(name);
      for (let at = 1; at <= whole.count; at++) {
        const killed = await cutRun(name, { at, when }, 3);
        expect(['connection', 'failedPartWay', 'done', 'prerequisite'], `killed at ${at}`).toContain(
          killed.last.exit,
        );
        const input = inputFor(server, name, await testPack(), { storeId: name.slice(-8) });
        const resumed = await runToEnd(input);
        expect(resumed.last, `killed ${when} statement ${at}`).toMatchObject({ exit: 'done' });
        expect(await catalogOf(server, name), `killed ${when} statement ${at}`).toEqual(expected);
        expect(
          (await makePlan(input, new AbortController().signal)).actions,
          `killed ${when} statement ${at}`,
        ).toEqual([]);
        await drop(name);
      }
    },
  );
});
