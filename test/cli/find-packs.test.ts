import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPacks } from '../../src/cli/distribute/find-packs.ts';
import { newFolder, writePack } from '../core/distribute/small-packs.ts';

let stick: string;
const home = process.cwd();
beforeEach(async () => {
  stick = await newFolder();
  process.chdir(stick);
});
afterEach(async () => {
  process.chdir(home);
  await rm(stick, { recursive: true });
});

/** A pack in the current folder. */
const put = async (name: string, company: string, madeUtc: string) =>
  rename(await writePack({ company, madeUtc, tables: { T: 'ID\n1\n' } }), join(stick, name));

test('the packs of the company are found among whatever lies on the stick, the newest first', async () => {
  await put('july', 'usrt', '2012-07-01T00:00:00.000Z');
  await put('august', 'USRT', '2012-08-01T00:00:00.000Z');
  await put('june', 'usrt', '2012-06-01T00:00:00.000Z');
  await put('others', 'frrt', '2012-09-01T00:00:00.000Z');
  await mkdir(join(stick, 'photos'));
  await writeFile(join(stick, 'drivers.zip'), 'no zip at all');
  const found = await findPacks('usrt');
  expect(found.map(({ manifest }) => manifest.madeUtc.slice(0, 7))).toEqual([
    '2012-08',
    '2012-07',
    '2012-06',
  ]);
});
