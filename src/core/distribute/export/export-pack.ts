import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { TableShape } from '../../offline/tables/table-shape.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { Job } from '../job.ts';
import { type Manifest, manifestName, manifestText, type PackFile } from '../pack/manifest.ts';
import { csvLines } from '../rows/csv.ts';
import { ndjsonHeader, ndjsonLines } from '../rows/ndjson.ts';
import type { RowText } from '../rows/row-text.ts';
import type { PackTarget } from './pack-target.ts';
import { streamRows } from './stream-rows.ts';
import { type ExportedTable, exportedTable } from './table-query.ts';
import { writeFailure } from './write-failure.ts';

export type PackFormat = {
  readonly text: 'csv' | 'ndjson';
  /** Each file by itself; a zip file is compressed as it is. */
  readonly isCompressed: boolean;
};

export type ExportOrder = {
  readonly session: DriverSession;
  readonly shapes: ReadonlyMap<string, TableShape>;
  readonly company: string;
  readonly store: string | undefined;
  readonly schemaVersion: string;
  readonly jobs: readonly Job[];
  readonly madeUtc: Date;
  readonly format: PackFormat;
  /** All rows are as they were at one moment; engines without SNAPSHOT give each table as it is when it is read. */
  readonly isSnapshot: boolean;
};

export type ExportProgress = { readonly table: string; readonly rows: number };

/**
 * Writes a pack of the jobs: one file a table, the rows of the company in the order of the key. The same rows give the
 * same bytes, whatever the server's collation. Whatever breaks it leaves nothing under the pack's name.
 */
export async function* exportPack(
  order: ExportOrder,
  target: PackTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, Manifest> {
  const { session, shapes, jobs, company, store, schemaVersion, madeUtc, isSnapshot } = order;
  try {
    const tables = tablesOf(jobs, shapes);
    const files: PackFile[] = [];
    if (isSnapshot)
      await session.batch('SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION;', signal);
    for (const [name, shape] of tables)
      files.push(yield* writeTable(order, exportedTable(name, shape, company), target, signal));
    if (isSnapshot)
      await session.batch('COMMIT TRANSACTION; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;', signal);
    const names = new Set(files.map(({ table }) => fold(table)));
    const text = manifestText({
      company,
      store,
      schemaVersion,
      madeUtc: madeUtc.toISOString(),
      jobs: jobs
        .map(({ id, name, kind, tables: named }) => ({
          id,
          name,
          kind,
          tables: named.filter((table) => names.has(fold(table))),
        }))
        .filter(({ tables: named }) => named.length > 0),
      files,
    });
    const stream = await target.begin(manifestName);
    stream.end(text);
    await target.end();
    await target.finish();
    return JSON.parse(text) as Manifest;
  } catch (error) {
    await target.abandon();
    throw writeFailure(target.place, error);
  }
}

/** The tables of the jobs that the database has, each once, by the name that the jobs give it. */
function tablesOf(
  jobs: readonly Job[],
  shapes: ReadonlyMap<string, TableShape>,
): ReadonlyMap<string, TableShape> {
  const found = new Map<string, TableShape>();
  const seen = new Set<string>();
  for (const name of jobs.flatMap(({ tables }) => tables)) {
    const shape = shapes.get(fold(name));
    if (shape === undefined || seen.has(fold(name))) continue;
    seen.add(fold(name));
    found.set(name, shape);
  }
  return found;
}

async function* writeTable(
  { session, format }: ExportOrder,
  table: ExportedTable,
  target: PackTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, PackFile> {
  const { columns } = table;
  const name = `tables/${encodeURIComponent(table.name)}.${format.text}${format.isCompressed ? '.gz' : ''}`;
  const stream = await target.begin(name);
  const hash = createHash('sha256');
  let bytes = 0;
  const put = async (text: string) => {
    const chunk = Buffer.from(text, 'utf8');
    bytes += chunk.length;
    hash.update(chunk);
    await write(stream, chunk, signal);
  };
  const names = columns.map((column) => column.name);
  await put(format.text === 'csv' ? csvLines([names]) : ndjsonHeader(names));
  let rows = 0;
  for await (const batch of streamRows(session, table.query, signal)) {
    const texts: readonly RowText[] = batch.map((cells) => table.textsOf(cells));
    await put(format.text === 'csv' ? csvLines(texts) : ndjsonLines(names, texts));
    rows += batch.length;
    yield { table: table.name, rows };
  }
  stream.end();
  await target.end();
  return { name, table: table.name, rows, bytes, sha256: hash.digest('hex') };
}

async function write(stream: Writable, chunk: Buffer, signal: AbortSignal): Promise<void> {
  if (stream.errored) throw stream.errored;
  if (!stream.write(chunk)) await once(stream, 'drain', { signal });
}
