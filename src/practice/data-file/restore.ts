import { hashPassword } from '../catalog/password-hash.ts';
import {
  type Database,
  foldName,
  type Login,
  type Server,
  type SessionState,
  type Table,
} from '../engine/model.ts';
import type { Instance } from '../engine/run/context.ts';
import type { Row } from '../engine/types.ts';
import { decodeGraph } from './graph.ts';
import { DataFileProblem } from './problem.ts';
import { revive } from './revive.ts';
import { rowOf } from './row-text.ts';
import { countersName, type DataFile, documentName } from './store.ts';

/** The parts of a server that belong to no database. */
export type SavedServer = {
  readonly logins: Map<string, Login>;
  readonly next: { readonly database: number; readonly principal: number };
  readonly databases: readonly number[];
};

export type SavedDatabase = {
  readonly database: Database;
  /** Ids of the modules whose text was written with QUOTED_IDENTIFIER OFF. */
  readonly quotesAreTexts: Set<number>;
};

/** What changes with every row: of a database, and by table id the last value of its identity. */
export type SavedCounters = { readonly rowversion: bigint; readonly identities: Map<number, bigint> };

/**
 * Puts what the file holds into a fresh server, whose administrator keeps the password that this start was given.
 * `session` is a session of the server's own. Throws DataFileProblem for what cannot be read.
 */
export function restore(
  file: DataFile,
  instance: Instance,
  session: SessionState,
  administrator: { readonly user: string; readonly password: string },
): void {
  try {
    const documents = file.documents();
    const saved = read<SavedServer>(documents, 'server');
    const { server } = instance;
    for (const id of saved.databases) {
      const { database, quotesAreTexts } = read<SavedDatabase>(documents, documentName(id));
      server.databases.set(foldName(database.name), database);
      bringCountersBack(database, read<SavedCounters>(documents, countersName(id)));
      revive(database, quotesAreTexts, (table) => storedRows(file, database, table), { instance, session });
    }
    restoreLogins(server, saved.logins, administrator);
    server.next.database = saved.next.database;
    server.next.principal = Math.max(server.next.principal, saved.next.principal);
    instance.catalogVersion += 1;
  } catch (error) {
    if (error instanceof DataFileProblem) throw error;
    throw new DataFileProblem('damaged', `${file.path} is damaged: ${messageOf(error)}.`, error);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function read<Content>(documents: ReadonlyMap<string, string>, name: string): Content {
  const text = documents.get(name);
  if (text === undefined) throw new Error(`the part "${name}" is missing`);
  return decodeGraph(JSON.parse(text)) as Content;
}

export function bringCountersBack(database: Database, { rowversion, identities }: SavedCounters): void {
  database.rowversion = rowversion;
  for (const object of database.objects.values())
    if (object.kind === 'table' && object.identity !== undefined)
      object.identity.last = identities.get(object.id);
}

function restoreLogins(
  server: Server,
  logins: ReadonlyMap<string, Login>,
  administrator: { readonly user: string; readonly password: string },
): void {
  // An administrator of another name than last time is a login of this start.
  const own = server.logins.get(foldName(administrator.user));
  server.logins.clear();
  for (const [name, login] of logins) server.logins.set(name, login);
  const login = server.logins.get(foldName(administrator.user)) ?? own;
  if (login === undefined) throw new Error('there is no administrator');
  server.logins.set(foldName(administrator.user), login);
  login.password = hashPassword(administrator.password);
  login.isDisabled = false;
  login.roles.add('SYSADMIN');
}

function* storedRows(
  file: DataFile,
  database: Database,
  table: Table,
): Generator<readonly [id: number, row: Row], void> {
  for (const [id, text] of file.rows(database.id, table.id)) yield [id, rowOf(text)];
}
