/** Keeps a server's databases in a file: all that was committed, at moments in which no transaction is at work. */

import type { Database, Table } from '../engine/model.ts';
import { rowsOf } from '../engine/rows/table-rows.ts';
import type { Instance } from '../engine/run/context.ts';
import { isLeftOut, wasQuotedIdentifier } from './definitions.ts';
import { encodeGraph } from './graph.ts';
import type { SavedDatabase, SavedServer } from './restore.ts';
import { rowText } from './row-text.ts';
import { type DataFile, documentName, type TableContents } from './store.ts';

/** Milliseconds between two looks at whether there is something to keep, and until the next while somebody works. */
const PAUSE = 1000;
const SHORT_PAUSE = 50;
/** Keeping takes at most this part of the time: big databases are kept less often. */
const SHARE = 20;

/** tempdb is new at every start. */
const TEMPORARY = 2;

type KeptTable = { readonly sequence: number; readonly count: number; readonly shape: string };

export class Keeper {
  readonly #file: DataFile;
  readonly #instance: Instance;
  readonly #onProblem: (problem: Error) => void;
  /** What stands in the file, so that only changes are written. */
  readonly #documents = new Map<string, string>();
  readonly #tables = new Map<string, KeptTable>();
  #kept = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(file: DataFile, instance: Instance, onProblem: (problem: Error) => void) {
    this.#file = file;
    this.#instance = instance;
    this.#onProblem = onProblem;
  }

  /** Keeps what there is now, and from then on what changes. Throws when the file cannot be written. */
  start(): void {
    this.keep();
    this.#wait(PAUSE);
  }

  /** Keeps the last changes and lets the file go. Every session must have ended. Throws when it cannot be written. */
  close(): void {
    clearTimeout(this.#timer);
    try {
      this.keep();
    } finally {
      this.#file.close();
    }
  }

  /** Writes what has changed. The caller sees to it that no transaction is at work. */
  keep(): void {
    const mark = this.#mark();
    if (mark === this.#kept) return;
    const { server } = this.#instance;
    const databases = [...server.databases.values()].filter(({ id }) => id !== TEMPORARY);
    const documents = new Map<string, string>();
    const tables: TableContents[] = [];
    const found = new Map<string, KeptTable>();
    const saved: SavedServer = {
      logins: server.logins,
      next: { database: server.next.database, principal: server.next.principal },
      databases: databases.map(({ id }) => id),
    };
    this.#note(documents, 'server', saved);
    for (const database of databases) {
      this.#note(documents, documentName(database.id), savedDatabase(database));
      for (const object of database.objects.values())
        if (object.kind === 'table') this.#noteTable(database, object, tables, found);
    }
    const gone = this.#gone(new Set(databases.map(({ id }) => id)), found);
    this.#file.write(documents, tables, gone);
    for (const [name, text] of documents) this.#documents.set(name, text);
    this.#tables.clear();
    for (const [name, table] of found) this.#tables.set(name, table);
    this.#kept = mark;
  }

  #note(documents: Map<string, string>, name: string, content: unknown): void {
    const text = JSON.stringify(encodeGraph(content, isLeftOut));
    if (this.#documents.get(name) !== text) documents.set(name, text);
  }

  /** A table is written again when a row was committed since, rows have gone, or its columns are others. */
  #noteTable(
    database: Database,
    table: Table,
    changed: TableContents[],
    found: Map<string, KeptTable>,
  ): void {
    const storage = rowsOf(table);
    let sequence = 0;
    for (const row of storage.rows.values()) if (row.sequence > sequence) sequence = row.sequence;
    const shape = JSON.stringify(table.columns.map(({ id, type }) => [id, type]));
    const name = `${database.id} ${table.id}`;
    const now: KeptTable = { sequence, count: storage.rowCount, shape };
    found.set(name, now);
    const before = this.#tables.get(name);
    const isSame =
      before !== undefined &&
      before.sequence === sequence &&
      before.count === now.count &&
      before.shape === shape;
    if (isSame) return;
    changed.push({ database: database.id, table: table.id, rows: committedRows(table) });
  }

  #gone(databases: ReadonlySet<number>, found: ReadonlyMap<string, KeptTable>) {
    const gone: { database: number; table?: number }[] = [];
    const lost = new Set<number>();
    for (const name of this.#tables.keys()) {
      if (found.has(name)) continue;
      const [database = 0, table = 0] = name.split(' ').map(Number);
      if (databases.has(database)) gone.push({ database, table });
    }
    for (const name of this.#documents.keys()) {
      const id = name === 'server' ? undefined : Number(name.split(' ')[1]);
      if (id !== undefined && !databases.has(id)) lost.add(id);
    }
    for (const database of lost) {
      gone.push({ database });
      this.#documents.delete(documentName(database));
    }
    return gone;
  }

  /** Changes whenever something may have changed that is kept. */
  #mark(): string {
    const { versions, catalogVersion, server } = this.#instance;
    return [versions.sequence, catalogVersion, server.next.database, server.next.principal].join(' ');
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), milliseconds);
    this.#timer.unref();
  }

  #look(): void {
    this.#wait(this.#lookAndKeep());
  }

  /** How long to wait until the next look, in milliseconds. */
  #lookAndKeep(): number {
    if (this.#mark() === this.#kept) return PAUSE;
    const isAtWork = [...this.#instance.transactions].some((transaction) => transaction.mark > 0);
    if (isAtWork) return SHORT_PAUSE;
    const began = performance.now();
    try {
      this.keep();
    } catch (error) {
      this.#onProblem(error instanceof Error ? error : new Error(String(error)));
    }
    return Math.max(PAUSE, (performance.now() - began) * SHARE);
  }
}

const savedDatabase = (database: Database): SavedDatabase => ({
  database,
  quotesAreTexts: new Set(
    [...database.objects.values()].filter((object) => !wasQuotedIdentifier(object)).map(({ id }) => id),
  ),
});

function* committedRows(table: Table): Generator<string, void> {
  for (const row of rowsOf(table).rows.values()) if (row.values !== null) yield rowText(row.values);
}
