import { mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { checkContents } from '../../../src/core/distribute/pack/content.ts';
import { openPack } from '../../../src/core/distribute/pack/open-pack.ts';
import { ExpectedError } from '../../../src/core/errors.ts';
import { newFolder, type PackParts, type PackTable, writePack } from './small-packs.ts';

const items = 'ID,NAME\n1,mug\n2,bag\n';

/** Opens a pack and reads it to its end; gives what is wrong with it. */
async function problemOf(path: string): Promise<ExpectedError | undefined> {
  try {
    const pack = await openPack(path);
    await checkContents(pack, pack.manifest.files, new AbortController().signal);
    return undefined;
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
}

const withItems = (table: Omit<PackTable, 'text'>, more: Partial<PackParts> = {}) =>
  writePack({ ...more, tables: { ITEMS: { text: items, ...table } } });

/** The files of a folder as a zip. */
async function zipped(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(content, name);
  zip.end();
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  await pipeline(zip.outputStream, out);
  return Buffer.concat(chunks);
}

async function zipOf(folder: string, change: (zip: Buffer) => Buffer = (zip) => zip): Promise<string> {
  const files = {
    'manifest.json': await readFile(join(folder, 'manifest.json')),
    'tables/ITEMS.csv': await readFile(join(folder, 'tables', 'ITEMS.csv')),
  };
  const path = join(await newFolder(), 'pack.zip');
  await writeFile(path, change(await zipped(files)));
  return path;
}

describe('a pack', () => {
  it('that is whole is read, as a folder, compressed, and as a zip', async () => {
    expect(await problemOf(await withItems({}))).toBeUndefined();
    expect(await problemOf(await withItems({ name: 'tables/ITEMS.csv.gz' }))).toBeUndefined();
    expect(await problemOf(await zipOf(await withItems({})))).toBeUndefined();
  });

  it.each<[string, Omit<PackTable, 'text'>, string]>([
    ['whose file is cut off', { stored: (bytes) => bytes.subarray(0, 12) }, 'cut off: 12 of the 20 bytes'],
    [
      'whose file has other bytes',
      { stored: (bytes) => Buffer.from(bytes.toString().replace('mug', 'jug')) },
      'SHA-256',
    ],
    [
      'whose file has more bytes',
      { stored: (bytes) => Buffer.concat([bytes, bytes]) },
      'more than the 20 bytes',
    ],
    [
      'whose compressed file is cut off',
      { name: 'tables/ITEMS.csv.gz', stored: (bytes) => bytes.subarray(0, -9) },
      'compression is damaged or cut off',
    ],
    [
      'whose compressed file is none',
      { name: 'tables/ITEMS.csv.gz', stored: () => Buffer.from('ID') },
      'compression is damaged or cut off',
    ],
    [
      'whose compressed file grows for ever',
      { name: 'tables/ITEMS.csv.gz', says: { bytes: 19 } },
      'more than the 19 bytes',
    ],
  ])('%s is refused, naming the file', async (_what, table, words) => {
    const problem = await problemOf(await withItems(table));
    expect(problem).toMatchObject({ code: 'pack-damaged', exit: 'prerequisite' });
    expect(problem?.message).toMatch(/^tables\/ITEMS\.csv/);
    expect(problem?.message).toContain(words);
  });

  it('with a file missing is refused', async () => {
    const folder = await withItems({});
    await unlink(join(folder, 'tables', 'ITEMS.csv'));
    expect((await problemOf(folder))?.message).toBe('tables/ITEMS.csv: the file is missing.');
  });

  it.each<[string, (text: string) => string, string]>([
    ['is no JSON', (text) => text.slice(0, 40), 'manifest-invalid'],
    ['is of something else', (text) => text.replace('storedb-pack', 'other'), 'pack-unknown'],
    ['is of a later format', (text) => text.replace('"version": 1', '"version": 2'), 'pack-version'],
    ['was edited', (text) => text.replace('"usrt"', '"deus"'), 'manifest-invalid'],
    [
      'names a file outside',
      (text) => text.replace('tables/ITEMS.csv', 'tables/../../x.csv'),
      'manifest-invalid',
    ],
    [
      'names an absolute file',
      (text) => text.replace('tables/ITEMS.csv', '/etc/passwd.csv'),
      'manifest-invalid',
    ],
    [
      'names a file of Windows',
      (text) => text.replace('tables/ITEMS.csv', 'tables/..\\\\..\\\\x.csv'),
      'manifest-invalid',
    ],
  ])('whose manifest %s is refused', async (_what, change, code) => {
    const folder = await withItems({});
    const path = join(folder, 'manifest.json');
    await writeFile(path, change(await readFile(path, 'utf8')));
    expect(await problemOf(folder)).toMatchObject({ code, exit: 'prerequisite' });
  });

  it('that is not there is a fault of the answers, and a folder without a manifest is no pack', async () => {
    expect(await problemOf(join(await newFolder(), 'nothing.zip'))).toMatchObject({ exit: 'answers' });
    expect(await problemOf(await newFolder())).toMatchObject({ code: 'pack-damaged', exit: 'prerequisite' });
  });

  // Windows lets only administrators make links.
  it.skipIf(process.platform === 'win32')('whose file is a link to a place outside is refused', async () => {
    const folder = await withItems({});
    const outside = join(await newFolder(), 'ITEMS.csv');
    await writeFile(outside, items);
    const path = join(folder, 'tables', 'ITEMS.csv');
    await unlink(path);
    await symlink(outside, path);
    expect(await problemOf(folder)).toMatchObject({ code: 'pack-unsafe' });
  });
});

describe('a zip file', () => {
  it('that is cut off, or none at all, is refused', async () => {
    const whole = await withItems({});
    expect(await problemOf(await zipOf(whole, (zip) => zip.subarray(0, -30)))).toMatchObject({
      code: 'pack-damaged',
    });
    expect(await problemOf(await zipOf(whole, () => Buffer.from('hello')))).toMatchObject({
      code: 'pack-damaged',
    });
  });

  it.each(['../bles/ITEM.csv', '/ables//ITEM.csv', 'C:/bles/ITEM.csv'])(
    'with a file called %s is refused, whatever its manifest names',
    async (name) => {
      // The name stands twice, before the file and in the directory; it is exchanged for one of the same length.
      const path = await zipOf(await withItems({}), (zip) =>
        Buffer.from(zip.toString('latin1').replaceAll('tables/ITEMS.csv', name), 'latin1'),
      );
      expect(await problemOf(path)).toMatchObject({ code: 'pack-unsafe', exit: 'prerequisite' });
    },
  );

  it('that grows to something out of all proportion is refused before it is unpacked', async () => {
    const folder = await withItems({});
    const path = join(await newFolder(), 'bomb.zip');
    await writeFile(
      path,
      await zipped({
        'manifest.json': await readFile(join(folder, 'manifest.json')),
        'tables/ITEMS.csv': Buffer.alloc(32 * 1024 * 1024),
      }),
    );
    expect(await problemOf(path)).toMatchObject({ code: 'pack-unsafe' });
  });

  it('that unpacks to more than it says is ended there', async () => {
    // The directory says 20 bytes; the file has more.
    const folder = await withItems({});
    const path = await zipOf(folder, (zip) => {
      const at = zip.indexOf('tables/ITEMS.csv', zip.indexOf('PK\u0001\u0002')) - 46;
      zip.writeUInt32LE(5, zip.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'), at) + 24);
      return zip;
    });
    expect(await problemOf(path)).toMatchObject({ code: 'pack-damaged' });
  });

  it('with files that the manifest does not name is read all the same', async () => {
    const folder = await withItems({});
    const path = join(await newFolder(), 'pack.zip');
    await writeFile(
      path,
      await zipped({
        '__MACOSX/x': Buffer.from('x'),
        'manifest.json': await readFile(join(folder, 'manifest.json')),
        'tables/ITEMS.csv': Buffer.from(items),
      }),
    );
    expect(await problemOf(path)).toBeUndefined();
    await mkdir(join(folder, '.Trashes'));
    expect(await problemOf(folder)).toBeUndefined();
  });
});
