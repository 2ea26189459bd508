import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Secret } from '../../../../src/core/secret.ts';
import type { ConnectionTarget } from '../../../../src/core/sql/session.ts';
import type { Cost, ServerOrder, ServerWord } from './server-process.ts';

export type ServerProcess = {
  readonly target: ConnectionTarget;
  /** Databases like the one of the first name. */
  copy(from: string, names: readonly string[]): Promise<void>;
  cost(): Promise<Cost>;
  stop(): Promise<void>;
};

export async function startServerProcess(): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, 'server-process.ts'));
  const heard = async <Word extends ServerWord>(order?: ServerOrder): Promise<Word> => {
    const answered = once(child, 'message');
    if (order !== undefined) child.send(order);
    const [word] = await answered;
    return word;
  };
  const { server, user, password } = await heard<Extract<ServerWord, { readonly server: string }>>();
  return {
    target: {
      server,
      signIn: { kind: 'sql', user, password: new Secret(password) },
      encryption: 'none',
    },
    copy: async (copy, names) => void (await heard({ copy, names })),
    cost: () => heard<Cost>('cost'),
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
