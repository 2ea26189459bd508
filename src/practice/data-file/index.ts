import type { Engine } from '../engine/results.ts';
import type { Instance } from '../engine/run/context.ts';
import { Keeper } from './keeper.ts';
import { restore } from './restore.ts';
import { DataFile } from './store.ts';

/**
 * Fills a fresh engine from the file, or the file from the engine where it is new, and keeps it up to date from then
 * on: at most a second behind, and exactly when it is closed. Rejects with DataFileProblem.
 */
export async function openDataFile(
  path: string,
  engine: Engine & { readonly instance: Instance },
  administrator: { readonly user: string; readonly password: string },
): Promise<Keeper> {
  const file = await DataFile.open(path);
  try {
    const { instance } = engine;
    if (!file.isNew) await restoreFrom(file, engine, administrator);
    const keeper = new Keeper(file, instance, (problem) =>
      process.stderr.write(`practice server: ${path} cannot be written: ${problem.message}\n`),
    );
    keeper.start(!file.isNew);
    return keeper;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Filters of indexes are compiled for a session, so there is one for that time. */
async function restoreFrom(
  file: DataFile,
  engine: Engine & { readonly instance: Instance },
  administrator: { readonly user: string; readonly password: string },
): Promise<void> {
  const { server } = engine.instance;
  const { session: firstId } = server.next;
  const session = await engine.login({
    ...administrator,
    database: '',
    host: '',
    application: 'data file',
    language: '',
    processId: 0,
    isEncrypted: false,
  });
  const state = server.sessions.get(session.id);
  if (state === undefined) throw new Error('the session for the data file is gone');
  restore(file, engine.instance, state, administrator);
  await session.close();
  server.next.session = firstId;
}
