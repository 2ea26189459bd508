import { type Database, foldName } from '../engine/model.ts';
import type { Engine } from '../engine/results.ts';
import { rowsOf } from '../engine/rows/table-rows.ts';
import type { Instance } from '../engine/run/context.ts';
import type { Row } from '../engine/types.ts';
import { isLeftOut } from './definitions.ts';
import { decodeGraph, encodeGraph, type Graph } from './graph.ts';
import { savedCounters, savedDatabase, tablesOf } from './keeper.ts';
import { withOwnSession } from './own-session.ts';
import { bringCountersBack, type SavedCounters, type SavedDatabase } from './restore.ts';
import { revive } from './revive.ts';

/** A database of one moment, as BACKUP DATABASE keeps it. Stays as it is whatever happens to the database. */
export type Backup = {
  readonly definitions: Graph;
  readonly counters: SavedCounters;
  /** By table id. Rows are never changed in place, so they are not copied. */
  readonly rows: ReadonlyMap<number, readonly (readonly [id: number, row: Row])[]>;
};

/** What is committed; the work of open transactions is left out. Throws for a database that is not there. */
export function backUp(instance: Instance, name: string): Backup {
  const database = databaseOf(instance, name);
  if (database === undefined) throw new Error(`there is no database ${name}`);
  return {
    definitions: encodeGraph(savedDatabase(database), isLeftOut),
    counters: savedCounters(database),
    rows: new Map(
      tablesOf(database).map((table) => [
        table.id,
        [...rowsOf(table).rows.values()].flatMap(({ id, values, writer, committed }) => {
          const row = writer === undefined ? values : committed;
          return row === null ? [] : [[id, row] as const];
        }),
      ]),
    ),
  };
}

/** Puts it in the place of the database of that name, or beside the others. Nobody may be connected. */
export async function restoreBackup(
  engine: Engine & { readonly instance: Instance },
  administrator: { readonly user: string; readonly password: string },
  name: string,
  { definitions, counters, rows }: Backup,
): Promise<void> {
  const { instance } = engine;
  const { server } = instance;
  await withOwnSession(engine, administrator, 'restore', (session) => {
    const { database, quotesAreTexts } = decodeGraph(definitions) as SavedDatabase;
    const id = databaseOf(instance, name)?.id ?? server.next.database++;
    Object.assign(database, { id, name });
    bringCountersBack(database, counters);
    revive(database, quotesAreTexts, ({ id: table }) => rows.get(table) ?? [], { instance, session });
    server.databases.set(foldName(name), database);
    // What was compiled before names the tables of the former database, and a data file has to be written anew.
    instance.catalogVersion += 1;
    instance.versions.sequence += 1;
  });
}

const databaseOf = ({ server }: Instance, name: string): Database | undefined =>
  server.databases.get(foldName(name));
