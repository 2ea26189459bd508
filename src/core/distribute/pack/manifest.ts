import { createHash } from 'node:crypto';
import * as z from 'zod';
import { packRefusal } from './pack-refusal.ts';

/** The name of the manifest within a pack. */
export const manifestName = 'manifest.json';
/** Bytes; a manifest names at most some hundred tables. */
export const largestManifest = 4 * 1024 * 1024;

/** A folder and a plain name: nothing that leads out of the pack, on any platform. */
const fileName = z.string().regex(/^tables\/[\w#$@%-][\w#$@%.-]{0,200}\.(?:csv|ndjson)(?:\.gz)?$/);
const count = z.int().min(0);

const packFile = z.strictObject({
  /** 'tables/CURRENCY.csv' */
  name: fileName,
  table: z.string().min(1).max(128),
  rows: count,
  /** Of the text, before any compression; so is the hash. */
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const packJob = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().min(1).max(200),
  /** N replaces the rows of the company, A merges. */
  kind: z.enum(['N', 'A']),
  tables: z.array(z.string().min(1).max(128)).min(1).readonly(),
});

const manifest = z.strictObject({
  format: z.literal('storedb-pack'),
  version: z.literal(1),
  /** Data area id: the company whose rows these are. */
  company: z.string().min(1).max(4),
  /** The store that the pack was made at or for. */
  store: z.string().min(1).max(10).optional(),
  /** DBVERSION of the database that the rows come from. */
  schemaVersion: z.string().min(1).max(60),
  madeUtc: z.iso.datetime(),
  /** SHA-256 over everything else but `madeUtc`: two packs with the same say the same. */
  contents: z.string().regex(/^[0-9a-f]{64}$/),
  jobs: z.array(packJob).min(1).readonly(),
  files: z.array(packFile).min(1).readonly(),
});

export type PackFile = Readonly<z.infer<typeof packFile>>;
export type PackJob = Readonly<z.infer<typeof packJob>>;
/** What a pack says about itself. */
export type Manifest = Readonly<z.infer<typeof manifest>>;

/** The manifest as it is written: the same content is the same bytes. */
export function manifestText(parts: Omit<Manifest, 'format' | 'version' | 'contents'>): string {
  const { madeUtc, ...rest } = parts;
  const contents = contentsOf(rest);
  return `${JSON.stringify({ ...head, ...inOrder(rest), madeUtc, contents }, undefined, 2)}\n`;
}

/** Throws ExpectedError (exit `prerequisite`) for anything but a whole manifest of this version. */
export function parseManifest(text: string, place: string): Manifest {
  const data = jsonOf(text, place);
  if (typeof data !== 'object' || data === null || !('format' in data) || data.format !== head.format)
    throw packRefusal(
      'pack-unknown',
      `${place} is not a pack of storedb.`,
      'Give the folder or zip file of a pack.',
    );
  if ('version' in data && data.version !== head.version)
    throw packRefusal(
      'pack-version',
      `${place} has the pack format ${String(data.version)}; this storedb reads format ${head.version}.`,
      'Use the storedb that made the pack, or have it made again with this one.',
    );
  const parsed = manifest.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw packRefusal(
      'manifest-invalid',
      `${place}, ${manifestName}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
      'Have the pack made again.',
    );
  }
  refuseContradictions(parsed.data, place);
  return parsed.data;
}

const head = { format: 'storedb-pack', version: 1 } as const;

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw packRefusal(
      'manifest-invalid',
      `${place}: ${manifestName} is not whole JSON.`,
      'Copy the pack again, or have it made again.',
    );
  }
}

type Content = Omit<Manifest, 'format' | 'version' | 'contents' | 'madeUtc'>;

/** Always the same keys in the same order. */
function inOrder({ company, store, schemaVersion, jobs, files }: Content): Content {
  return {
    company,
    ...(store === undefined ? {} : { store }),
    schemaVersion,
    jobs: jobs.map(({ id, name, kind, tables }) => ({ id, name, kind, tables })),
    files: files.map(({ name, table, rows, bytes, sha256 }) => ({ name, table, rows, bytes, sha256 })),
  };
}

const contentsOf = (content: Content): string =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(content)), 'utf8')
    .digest('hex');

function refuseContradictions(data: Manifest, place: string): void {
  const refuse = (what: string) =>
    packRefusal('manifest-invalid', `${place}, ${manifestName}: ${what}`, 'Have the pack made again.');
  if (contentsOf(data) !== data.contents) throw refuse('it was changed after it was made.');
  const tables = new Set<string>();
  for (const { table } of data.files) {
    if (tables.has(table.toLowerCase())) throw refuse(`the table ${table} is named twice.`);
    tables.add(table.toLowerCase());
  }
  for (const { id, tables: named } of data.jobs)
    for (const table of named)
      if (!tables.has(table.toLowerCase()))
        throw refuse(`${id} names the table ${table}, which has no file.`);
}
