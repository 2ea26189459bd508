import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Manifest, manifestText, type PackJob } from '../../../src/core/distribute/pack/manifest.ts';

/** A file of a pack that a test makes by hand. */
export type PackTable = {
  readonly text: string;
  /** What the manifest says, where it is not the truth. */
  readonly says?: { readonly rows?: number; readonly bytes?: number; readonly sha256?: string };
  /** What lies on the disk, where it is not what was packed. */
  readonly stored?: (bytes: Buffer) => Buffer;
  readonly name?: string;
};

export type PackParts = {
  readonly tables: Readonly<Record<string, PackTable | string>>;
  readonly jobs?: readonly PackJob[];
  readonly company?: string;
  readonly schemaVersion?: string;
  readonly madeUtc?: string;
};

export const newFolder = () => mkdtemp(join(tmpdir(), 'storedb-pack-'));

/** Writes a pack by hand, and gives its folder. */
export async function writePack(parts: PackParts): Promise<string> {
  const folder = await newFolder();
  const files: Manifest['files'][number][] = [];
  for (const [table, given] of Object.entries(parts.tables)) {
    const {
      text,
      says,
      stored,
      name = `tables/${table}.csv`,
    } = typeof given === 'string' ? { text: given } : given;
    const content = Buffer.from(text, 'utf8');
    const bytes = name.endsWith('.gz') ? gzipSync(content) : content;
    await put(join(folder, ...name.split('/')), stored?.(bytes) ?? bytes);
    files.push({
      name,
      table,
      rows: text.trimEnd().split('\n').length - 1,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      ...says,
    });
  }
  const manifest = manifestText({
    company: parts.company ?? 'usrt',
    schemaVersion: parts.schemaVersion ?? '6.2.0.0',
    madeUtc: parts.madeUtc ?? '2012-08-01T00:00:00.000Z',
    jobs: parts.jobs ?? [{ id: 'N-1', name: 'Items', kind: 'N', tables: Object.keys(parts.tables) }],
    files,
  });
  await put(join(folder, 'manifest.json'), manifest);
  return folder;
}

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
