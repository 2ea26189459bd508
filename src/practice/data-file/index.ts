import type { Engine } from '../engine/results.ts';
import type { Instance } from '../engine/run/context.ts';
import { Keeper } from './keeper.ts';
import { withOwnSession } from './own-session.ts';
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
    if (!file.isNew) {
      const { next } = instance.server;
      const { session: firstId } = next;
      await withOwnSession(engine, administrator, 'data file', (session) =>
        restore(file, instance, session, administrator),
      );
      next.session = firstId;
    }
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
