import type { SessionState } from '../engine/model.ts';
import type { Engine } from '../engine/results.ts';
import type { Instance } from '../engine/run/context.ts';

/** Lends `work` a session that no client sees: filters of indexes are compiled for one. */
export async function withOwnSession(
  engine: Engine & { readonly instance: Instance },
  administrator: { readonly user: string; readonly password: string },
  application: string,
  work: (session: SessionState) => void,
): Promise<void> {
  const { server } = engine.instance;
  const session = await engine.login({
    ...administrator,
    database: '',
    host: '',
    application,
    language: '',
    processId: 0,
    isEncrypted: false,
  });
  try {
    const state = server.sessions.get(session.id);
    if (state === undefined) throw new Error(`the session for the ${application} is gone`);
    work(state);
  } finally {
    await session.close();
  }
}
