import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CyclingOrder, CyclingWord } from './cycling-process.ts';
import type { Place, Register } from './small-shop.ts';
import type { World } from './world.ts';

const program = join(import.meta.dirname, 'cycling-process.ts');

/**
 * Lets a process synchronise the register and kills it (SIGKILL) when it is about to ask a server something for the
 * `call`-th time; with `goesOn`, somewhere in or after that. Yields the outcome of a cycle that was over before.
 */
export async function killedProcess(
  world: World,
  register: Register,
  { call, goesOn }: { readonly call: number; readonly goesOn: boolean },
): Promise<string | undefined> {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const said = once(child, 'message') as Promise<[CyclingWord]>;
  const at = (place: Place) => {
    const { server, user, password } = world.sites[place].server;
    return { server, user, password, database: place };
  };
  const order: CyclingOrder = { register, store: at('store'), offline: at(register), call, goesOn };
  child.send(order);
  const [word] = await Promise.race([
    said,
    ended.then(() => Promise.reject(new Error('The process ended by itself.'))),
  ]);
  child.kill('SIGKILL');
  await ended;
  // What it had open is undone as soon as the servers notice that its connections are gone; this is the moment.
  for (const place of ['store', register] as const) await world.restart(place);
  return word === 'there' ? undefined : word.outcome;
}
