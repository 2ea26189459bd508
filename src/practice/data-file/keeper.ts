/** Keeps a server's databases in a file: all that was committed, at moments in which no transaction is at work. */

import type { Database, Table } from '../engine/model.ts';
import { rowsOf } from '../engine/rows/table-rows.ts';
import type { Instance } from '../engine/run/context.ts';
import { isLeftOut, wasQuotedIdentifier } from './definitions.ts';
import { encodeGraph } from './graph.ts';
import type { SavedCounters, SavedDatabase, SavedServer } from './restore.ts';
import { rowText } from './row-text.ts';
import { countersName, type DataFile, documentName, type TableChange } from './store.ts';

/** Milliseconds between two looks at whether there is something to keep, and until the next while somebody works. */
const PAUSE = 1000;
const SHORT_PAUSE = 50;
/** Keeping takes at most this part of the time: big databases are kept less often. */
const SHARE = 20;

/** tempdb is new at every start. */
const TEMPORARY = 2;

/** A table as it stands in the file. */
type KeptTable = {
  readonly database: number;
  readonly count: number;
  /** Rows get ascending numbers: those above it are new. */
  readonly highest: number;
  readonly shape: string;
};
type Gone = { readonly database: number; readonly table?: number };

export class Keeper {
  readonly #file: DataFile;
  readonly #instance: Instance;
  readonly #onProblem: (problem: Error) => void;
  /** What stands in the file, so that only changes are written. */
  readonly #documents = new Map<string, string>();
  #tables = new Map<Table, KeptTable>();
  /** The last commit and the definitions that are in it. */
  #sequence = 0;
  #catalogVersion = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(file: DataFile, instance: Instance, onProblem: (problem: Error) => void) {
    this.#file = file;
    this.#instance = instance;
    this.#onProblem = onProblem;
  }

  /**
   * Keeps what there is now, and from then on what changes. `isRestored`: the server has just been filled from the
   * file, so that its rows are there already. Throws when the file cannot be written.
   */
  start(isRestored: boolean): void {
    if (isRestored) {
      for (const [name, text] of this.#file.documents()) this.#documents.set(name, text);
      for (const database of this.#databases())
        for (const table of tablesOf(database)) this.#tables.set(table, keptTable(database, table));
      this.#sequence = this.#instance.versions.sequence;
    }
    this.keep();
    this.#wait(PAUSE);
  }

  /** Keeps the last changes and lets the file go. Every session must have ended. Throws when it cannot be written. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    try {
      this.keep();
    } finally {
      this.#file.close();
    }
  }

  /** Writes what has changed. The caller sees to it that no transaction is at work. */
  keep(): void {
    if (!this.#hasChanged) return;
    const { server, versions, catalogVersion } = this.#instance;
    const { sequence } = versions;
    const databases = this.#databases();
    const documents = new Map<string, string>();
    const note = (name: string, content: unknown): void => {
      const text = JSON.stringify(encodeGraph(content, isLeftOut));
      if (this.#documents.get(name) !== text) documents.set(name, text);
    };
    if (catalogVersion !== this.#catalogVersion) {
      const { database, principal } = server.next;
      const saved: SavedServer = {
        logins: server.logins,
        next: { database, principal },
        databases: databases.map(({ id }) => id),
      };
      note('server', saved);
      for (const each of databases) note(documentName(each.id), savedDatabase(each));
    }
    const tables = new Map<Table, KeptTable>();
    const changes: TableChange[] = [];
    for (const database of databases) {
      note(countersName(database.id), savedCounters(database));
      for (const table of tablesOf(database)) {
        const now = keptTable(database, table);
        tables.set(table, now);
        const change = changeOf(table, now, this.#tables.get(table), this.#sequence);
        if (change !== undefined) changes.push(change);
      }
    }
    const gone = this.#gone(new Set(databases.map(({ id }) => id)), tables);
    this.#file.write(documents, changes, gone);
    for (const { database, table } of gone) {
      if (table !== undefined) continue;
      this.#documents.delete(documentName(database));
      this.#documents.delete(countersName(database));
    }
    for (const [name, text] of documents) this.#documents.set(name, text);
    this.#tables = tables;
    this.#sequence = sequence;
    this.#catalogVersion = catalogVersion;
  }

  #databases(): readonly Database[] {
    return [...this.#instance.server.databases.values()].filter(({ id }) => id !== TEMPORARY);
  }

  /** Databases and tables that stand in the file and are no more. */
  #gone(databases: ReadonlySet<number>, tables: ReadonlyMap<Table, unknown>): readonly Gone[] {
    const gone: Gone[] = [];
    const lost = new Set<number>();
    for (const [table, { database }] of this.#tables) {
      if (!databases.has(database)) lost.add(database);
      else if (!tables.has(table)) gone.push({ database, table: table.id });
    }
    for (const name of this.#documents.keys()) {
      const id = Number(/^database (\d+)$/.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isNaN(id) && !databases.has(id)) lost.add(id);
    }
    return [...gone, ...[...lost].map((database) => ({ database }))];
  }

  get #hasChanged(): boolean {
    const { versions, catalogVersion } = this.#instance;
    return versions.sequence !== this.#sequence || catalogVersion !== this.#catalogVersion;
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
    if (!this.#hasChanged) return PAUSE;
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

export const savedDatabase = (database: Database): SavedDatabase => ({
  database,
  quotesAreTexts: new Set(
    [...database.objects.values()].filter((object) => !wasQuotedIdentifier(object)).map(({ id }) => id),
  ),
});

export const savedCounters = (database: Database): SavedCounters => ({
  rowversion: database.rowversion,
  identities: new Map(
    tablesOf(database).flatMap(({ id, identity }) =>
      identity?.last === undefined ? [] : [[id, identity.last] as const],
    ),
  ),
});

export const tablesOf = (database: Database): readonly Table[] =>
  [...database.objects.values()].filter((object) => object.kind === 'table');

const keptTable = (database: Database, table: Table): KeptTable => {
  const { rows, rowCount } = rowsOf(table);
  let highest = 0;
  for (const id of rows.keys()) if (id > highest) highest = id;
  const shape = JSON.stringify(table.columns.map(({ id, type }) => [id, type]));
  return { database: database.id, count: rowCount, highest, shape };
};

/** Rows that were committed after `sequence` are written; all of them when the columns are others than before. */
function changeOf(
  table: Table,
  now: KeptTable,
  before: KeptTable | undefined,
  sequence: number,
): TableChange | undefined {
  const isNew = before === undefined || before.shape !== now.shape;
  const rows: (readonly [id: number, text: string])[] = [];
  let added = 0;
  const stored = rowsOf(table).rows;
  for (const row of stored.values()) {
    if (row.values === null || (!isNew && row.sequence <= sequence)) continue;
    rows.push([row.id, rowText(row.values)]);
    if (before !== undefined && row.id > before.highest) added += 1;
  }
  const haveGone = !isNew && before.count + added !== now.count;
  if (rows.length === 0 && !haveGone && !isNew) return undefined;
  return { database: now.database, table: table.id, isNew, rows, remaining: haveGone ? stored : undefined };
}
