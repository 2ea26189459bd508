/** The file itself: a SQLite database that belongs to one server at a time. */

import { open as openFile } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { DataFileProblem } from './problem.ts';

/** 'SDBP'. */
const APPLICATION = 0x53444250;
/** Grows when an older program could not read the file any more. */
const FORMAT = 1;

const BUSY = 5;
const NO_DATABASE = [11, 26];

/** What has changed in one table; rows stand under their numbers, as row-text.ts writes them. */
export type TableChange = {
  readonly database: number;
  readonly table: number;
  /** Nothing of what is there stays. */
  readonly isNew: boolean;
  readonly rows: readonly (readonly [id: number, text: string])[];
  /** Set when rows have gone: those that are still there, by number. */
  readonly remaining: ReadonlyMap<number, unknown> | undefined;
};

export class DataFile {
  readonly #sqlite: DatabaseSync;
  readonly path: string;
  /** Nothing has been kept in it yet. */
  readonly isNew: boolean;

  private constructor(sqlite: DatabaseSync, path: string, isNew: boolean) {
    this.#sqlite = sqlite;
    this.path = path;
    this.isNew = isNew;
  }

  /** Opens or creates the file and keeps others out of it until `close`. Throws DataFileProblem. */
  static async open(path: string): Promise<DataFile> {
    const { DatabaseSync } = await import('node:sqlite').catch((error: unknown) => {
      throw new DataFileProblem('unusable', 'Data files need Node.js 22.13 or newer.', error);
    });
    let sqlite: DatabaseSync | undefined;
    try {
      // Rows of customers may come to stand in it: nobody else's to read.
      await (await openFile(path, 'a', 0o600)).close();
      sqlite = new DatabaseSync(path);
      sqlite.exec('pragma locking_mode = exclusive; begin exclusive; commit');
      const isNew = checkFormat(sqlite, path);
      if (isNew) {
        sqlite.exec(`begin exclusive;
          create table document (name text primary key, content text not null);
          create table row (base integer not null, tab integer not null, place integer not null,
            cells text not null, primary key (base, tab, place)) without rowid;
          pragma application_id = ${APPLICATION};
          pragma user_version = ${FORMAT};
          commit`);
      }
      return new DataFile(sqlite, path, isNew);
    } catch (error) {
      sqlite?.close();
      throw problemOf(error, path);
    }
  }

  /** Documents by name. Throws DataFileProblem when they cannot be read. */
  documents(): ReadonlyMap<string, string> {
    return this.#reading(() => {
      const rows = this.#sqlite.prepare('select name, content from document').all();
      return new Map(rows.map(({ name, content }) => [String(name), String(content)]));
    });
  }

  /** The rows of a table with their numbers, in ascending order. */
  rows(database: number, table: number): readonly (readonly [id: number, text: string])[] {
    return this.#reading(() =>
      this.#sqlite
        .prepare('select place, cells from row where base = ? and tab = ? order by place')
        .all(database, table)
        .map(({ place, cells }) => [Number(place), String(cells)] as const),
    );
  }

  /** Changes everything at once, or nothing; throws DataFileProblem. With a database goes all of it, with a table its rows. */
  write(
    documents: ReadonlyMap<string, string>,
    tables: readonly TableChange[],
    gone: readonly { readonly database: number; readonly table?: number }[],
  ): void {
    const sqlite = this.#sqlite;
    try {
      sqlite.exec('begin exclusive');
      const put = sqlite.prepare('insert or replace into document values (?, ?)');
      for (const [name, content] of documents) put.run(name, content);
      for (const { database, table } of gone) {
        if (table === undefined) {
          sqlite.prepare('delete from row where base = ?').run(database);
          sqlite
            .prepare('delete from document where name in (?, ?)')
            .run(documentName(database), countersName(database));
        } else sqlite.prepare('delete from row where base = ? and tab = ?').run(database, table);
      }
      const clear = sqlite.prepare('delete from row where base = ? and tab = ?');
      const list = sqlite.prepare('select place from row where base = ? and tab = ?');
      const remove = sqlite.prepare('delete from row where base = ? and tab = ? and place = ?');
      const add = sqlite.prepare('insert or replace into row values (?, ?, ?, ?)');
      for (const { database, table, isNew, rows, remaining } of tables) {
        if (isNew) clear.run(database, table);
        else if (remaining !== undefined) {
          const lost = list.all(database, table).filter(({ place }) => !remaining.has(Number(place)));
          for (const { place } of lost) remove.run(database, table, Number(place));
        }
        for (const [id, text] of rows) add.run(database, table, id, text);
      }
      sqlite.exec('commit');
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec('rollback');
      throw problemOf(error, this.path);
    }
  }

  close(): void {
    this.#sqlite.close();
  }

  #reading<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw problemOf(error, this.path);
    }
  }
}

/** The document of one database. */
export const documentName = (database: number): string => `database ${database}`;

/** The document of its counters: what changes with every row. */
export const countersName = (database: number): string => `counters ${database}`;

/** True for a file without anything in it. */
function checkFormat(sqlite: DatabaseSync, path: string): boolean {
  const numberOf = (pragma: string) =>
    Number(Object.values(sqlite.prepare(`pragma ${pragma}`).get() ?? {})[0]);
  const application = numberOf('application_id');
  const format = numberOf('user_version');
  const tables = Number(sqlite.prepare('select count(*) as n from sqlite_master').get()?.n);
  if (application === 0 && format === 0 && tables === 0) return true;
  if (application !== APPLICATION)
    throw new DataFileProblem('foreign', `${path} is not a data file of the practice server.`);
  if (format > FORMAT)
    throw new DataFileProblem('newer', `${path} was written by a newer storedb (format ${format}).`);
  const checked = String(Object.values(sqlite.prepare('pragma quick_check(1)').get() ?? {})[0]);
  if (checked !== 'ok') throw new DataFileProblem('damaged', `${path} is damaged: ${checked}.`);
  return false;
}

function problemOf(error: unknown, path: string): unknown {
  if (error instanceof DataFileProblem || !(error instanceof Error) || !('code' in error)) return error;
  const code = 'errcode' in error ? Number(error.errcode) : 0;
  if (code === BUSY)
    return new DataFileProblem('in-use', `${path} is in use by another practice server.`, error);
  if (NO_DATABASE.includes(code)) {
    const what = code === 26 ? 'is not a data file of the practice server, or is damaged' : 'is damaged';
    return new DataFileProblem('damaged', `${path} ${what}.`, error);
  }
  return new DataFileProblem('unusable', `${path} cannot be used: ${error.message}.`, error);
}
