import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPack, packFilesOnDisk } from '../../../src/core/schema/index.ts';
import { compareVersions } from '../../../src/core/schema/version.ts';
import { listOf, packInMemory } from './packs.ts';

const table = 'CREATE TABLE t (a int);';

describe('a schema pack', () => {
  it('puts versions in the order of their numbers and keeps the order of the list within one', async () => {
    const pack = await loadPack(
      'E:\\scripts',
      packInMemory({
        'POSISUPGRADES.xml': listOf(
          ['6.2.10.0', 'd.sql'],
          ['6.2.9.0', 'c.sql'],
          ['6.2.9.0', 'b.sql'],
          ['6.2.1.0', 'a.sql'],
        ),
        'a.sql': table,
        'b.sql': table,
        'c.sql': table,
        'd.sql': table,
      }),
    );
    expect(pack.scripts.map(({ id }) => id)).toEqual(['a.sql', 'c.sql', 'b.sql', 'd.sql']);
    expect(pack).toMatchObject({ name: 'customer', origin: 'E:\\scripts' });
  });

  it('splits a script into its batches with their lines', async () => {
    const pack = await loadPack(
      'x',
      packInMemory({
        'POSISUPGRADES.xml': listOf(['6.2', 'sub\\a.sql']),
        'sub/a.sql': `${table}\nGO\n\nCREATE TABLE u (a int);\nGO\n`,
      }),
    );
    expect(pack.scripts[0]).toMatchObject({ id: 'sub/a.sql', version: '6.2', isTransactional: true });
    expect(pack.scripts[0]?.batches).toHaveLength(2);
  });

  it('takes rows from elements of any name, in any case and any depth', async () => {
    const list = `<NewDataSet xmlns:p="urn:x"><p:Table a="1"><UpgradeScript> a.sql </UpgradeScript><p:UpgradeVersion>6.2.0.0</p:UpgradeVersion></p:Table></NewDataSet>`;
    const pack = await loadPack('x', packInMemory({ 'POSISUPGRADES.xml': list, 'a.sql': table }));
    expect(pack.scripts).toMatchObject([{ id: 'a.sql', version: '6.2.0.0' }]);
  });

  it('reads UTF-16 as Windows editors write it', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(table, 'utf16le')]);
    const pack = await loadPack(
      'x',
      packInMemory({ 'POSISUPGRADES.xml': listOf(['6.2', 'a.sql']), 'a.sql': utf16 }),
    );
    const plain = await loadPack(
      'x',
      packInMemory({ 'POSISUPGRADES.xml': listOf(['6.2', 'a.sql']), 'a.sql': table }),
    );
    expect(pack.scripts[0]?.sha256).toBe(plain.scripts[0]?.sha256);
  });

  it('runs a script without a transaction when its head says so, and only its head', async () => {
    const load = async (script: string) =>
      (await loadPack('x', packInMemory({ 'POSISUPGRADES.xml': listOf(['6.2', 'a.sql']), 'a.sql': script })))
        .scripts[0];
    expect((await load(`-- Full text.\n\n-- tx: off\n${table}`))?.isTransactional).toBe(false);
    expect((await load(`${table}\n-- tx: off`))?.isTransactional).toBe(true);
    await expect(load(`-- tx: maybe\n${table}`)).rejects.toThrow('a.sql:1: "tx: maybe" is not known');
  });

  const good = listOf(['6.2', 'a.sql']);
  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ['a missing list', {}, /POSISUPGRADES\.xml in x does not exist/],
    ['a missing script', { 'POSISUPGRADES.xml': good }, /a\.sql in x does not exist/],
    ['text that is no XML', { 'POSISUPGRADES.xml': '<A>\n<B>\n</A>' }, /^POSISUPGRADES\.xml:\d+: /],
    ['an empty list', { 'POSISUPGRADES.xml': '<A/>' }, /no element holds UPGRADEVERSION/],
    [
      'a version that is none',
      { 'POSISUPGRADES.xml': listOf(['6.2', 'a.sql'], ['later', 'b.sql']) },
      /^POSISUPGRADES\.xml:9: "later" is not a version/,
    ],
    [
      'a row without version',
      { 'POSISUPGRADES.xml': '<A><R><UPGRADESCRIPT>a.sql</UPGRADESCRIPT></R></A>' },
      /"a\.sql" has no UPGRADEVERSION/,
    ],
    [
      'a row without script',
      { 'POSISUPGRADES.xml': '<A><R><UPGRADEVERSION>6.2</UPGRADEVERSION></R></A>' },
      /6\.2 has no UPGRADESCRIPT/,
    ],
    [
      'a script listed twice',
      { 'POSISUPGRADES.xml': listOf(['6.2', 'a.sql'], ['6.3', 'A.SQL']) },
      /"A\.SQL" is listed twice/,
    ],
    [
      'a script above the folder',
      { 'POSISUPGRADES.xml': listOf(['6.2', '..\\a.sql']) },
      /lies outside the folder/,
    ],
    [
      'a script elsewhere on the disk',
      { 'POSISUPGRADES.xml': listOf(['6.2', 'C:\\a.sql']) },
      /lies outside the folder/,
    ],
    [
      'a script of another computer',
      { 'POSISUPGRADES.xml': listOf(['6.2', '\\\\srv\\share\\a.sql']) },
      /lies outside the folder/,
    ],
    [
      'a DTD',
      { 'POSISUPGRADES.xml': `<!DOCTYPE A [<!ENTITY x SYSTEM "file:///etc/passwd">]>${good}` },
      /a DTD or entity stands in the list/,
    ],
    ['GO with a semicolon', { 'POSISUPGRADES.xml': good, 'a.sql': `${table}\nGO;\n` }, /a\.sql:2: .*GO/],
    [
      'a script without statements',
      { 'POSISUPGRADES.xml': good, 'a.sql': '-- later\nGO\n' },
      /holds no statement/,
    ],
    [
      'bytes that are no text',
      { 'POSISUPGRADES.xml': good, 'a.sql': Uint8Array.from([0x53, 0xe9, 0x20]) },
      /a\.sql: the file is not UTF-8/,
    ],
  ])('is refused for %s', async (_what, files, message) => {
    await expect(loadPack('x', packInMemory(files))).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exit: 'answers',
    });
  });

  it('is the built-in one for "builtin", in order and without a transactionless script', async () => {
    const pack = await loadPack('builtin', packFilesOnDisk(join(import.meta.dirname, '../../../sql')));
    expect(pack.name).toBe('builtin');
    expect(pack.scripts.map(({ version }) => version)).toEqual(
      pack.scripts.map(({ version }) => version).sort(compareVersions),
    );
    expect(pack.scripts.length).toBeGreaterThan(10);
  });
});
