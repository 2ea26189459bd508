/** A service in a process of its own, which lives for one cycle and can be killed at any of its calls to a server. */

import { systemClock } from '../../../../src/core/plan/index.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { openSync, runCycle } from '../../../../src/core/sync/index.ts';
import { idsOf, type Register } from './small-shop.ts';
import { WatchedServers } from './watched-servers.ts';

export type CyclingOrder = {
  readonly register: Register;
  readonly store: Place;
  readonly offline: Place;
  /** Tells its parent when it is about to make the call of this number. */
  readonly call: number;
  /** Makes that call as well; else it waits there for its end. */
  readonly goesOn: boolean;
};
type Place = {
  readonly server: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
};

/** What it tells: it is there, or the cycle has ended with this outcome before. */
export type CyclingWord = 'there' | { readonly outcome: string };

const say = (word: CyclingWord): void => void process.send?.(word);
const target = ({ server, database, user, password }: Place) =>
  ({
    server,
    database,
    signIn: { kind: 'sql', user, password: new Secret(password) },
    encryption: 'none',
  }) as const;

process.once('disconnect', () => process.exit(1));
process.once('message', async ({ register, store, offline, call, goesOn }: CyclingOrder) => {
  const { signal } = new AbortController();
  const servers = new WatchedServers();
  servers.before = async (now) => {
    if (now !== call) return;
    say('there');
    if (!goesOn) await new Promise(() => undefined);
  };
  const link = await openSync(
    {
      servers,
      store: target(store),
      offline: target(offline),
      ids: idsOf(register),
      host: register,
      clock: systemClock,
    },
    signal,
  );
  const events = runCycle(link, { logsIdle: true }, signal);
  let next = await events.next();
  while (next.done !== true) next = await events.next();
  await link.close();
  say({ outcome: next.value.outcome });
});
