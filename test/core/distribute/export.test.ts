import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskFile } from '../../../src/core/distribute/export/disk-file.ts';
import {
  type ExportEvent,
  type ExportOptions,
  exportStore,
} from '../../../src/core/distribute/export/export-store.ts';
import { openTarget } from '../../../src/core/distribute/export/open-target.ts';
import type { FileWriter } from '../../../src/core/distribute/export/pack-target.ts';
import type { SetupInput } from '../../../src/core/plan/index.ts';
import { Faults } from '../../../src/practice/faults/faults.ts';
import { startPracticeServer } from '../../../src/practice/index.ts';
import { type TestServer, withSession } from '../plan/store-runs.ts';
import { startTestServer } from '../plan/test-server.ts';
import { newFolder } from './small-packs.ts';
import { loadInto, makeStore, rowsOf, smallStore } from './small-store.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
let databases = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

async function freshStore(on: TestServer = server) {
  databases += 1;
  const name = `storedb_export_${process.pid}_${databases}`;
  await makeStore(on, name);
  return { name, input: smallStore(on, name) };
}

/** Keys that a collation would sort otherwise, texts that a file must not mistake, every type. */
const fill = (name: string, on: TestServer = server) =>
  withSession(on, name, (session) =>
    session.batch(`INSERT INTO dbo.ITEMS (DATAAREAID, ITEMID, NAME, PRICE, QTY, SOLD, PICTURE, NOTE, SERIAL, TOKEN, STAMP, ACTIVE, AMOUNT) VALUES
  (N'usrt', N'b', N'a,"b"', 12.5, NULL, '2012-02-29T23:59:59.997', 0xDEADBEEF, N'\\N', 9223372036854775807, '6F9619FF-8B86-D011-B42D-00C04FC964FF', '2012-01-01T00:00:00.1234567', 1, -0.0001),
  (N'usrt', N'A', N'', 9999999999999999.9999999999999999, 0, '1900-01-01', 0x, N'two' + NCHAR(10) + N'lines', -1, NULL, NULL, 0, 922337203685477.5807),
  (N'usrt', N'Ä', N' x ', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (N'usrt', N'a-b', N'ñ€😀', -1, NULL, NULL, NULL, N'', NULL, NULL, NULL, NULL, NULL),
  (N'deus', N'b', N'not ours', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO dbo.LINES (RECID, DATAAREAID, ITEMID) VALUES (-1, N'usrt', N'A'), (10, N'usrt', N'b'), (9, N'usrt', N'Ä');
INSERT INTO dbo.RATES (CODE, RATE) VALUES (N'USD', 1), (N'EUR', 0.9);
INSERT INTO dbo.EXTRAS (DATAAREAID, ID, TXT) VALUES (N'usrt', 1, NULL), (N'usrt', 2, N'');`),
  );

async function exported(
  input: SetupInput,
  target: string,
  more: Partial<ExportOptions> = {},
  write: FileWriter = diskFile,
  told: (event: ExportEvent) => void = () => undefined,
) {
  const options: ExportOptions = {
    jobs: undefined,
    format: { text: 'csv', isCompressed: false },
    madeUtc: new Date('2012-08-01T00:00:00Z'),
    openTarget: () => openTarget(target, write),
    ...more,
  };
  const events: ExportEvent[] = [];
  for await (const event of exportStore(input, options, new AbortController().signal)) {
    events.push(event);
    told(event);
  }
  return events.at(-1);
}

/** Every file of a folder by its bytes. */
async function bytesOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort())
    found[name] = await readFile(join(folder, name), 'latin1').catch(() => 'a folder');
  return found;
}

describe('an export', () => {
  it('has the rows of the company in an order of its own, exactly', async () => {
    const { name, input } = await freshStore();
    await fill(name);
    const target = join(await newFolder(), 'pack');
    await exported(input, target);
    expect(await readFile(join(target, 'tables', 'ITEMS.csv'), 'utf8')).toBe(
      String.raw`DATAAREAID,ITEMID,NAME,PRICE,QTY,SOLD,PICTURE,NOTE,SERIAL,TOKEN,STAMP,ACTIVE,AMOUNT
usrt,A,,9999999999999999.9999999999999999,0,1900-01-01T00:00:00,0x,"two
lines",-1,\N,\N,0,922337203685477.5807
usrt,a-b,ñ€😀,-1,\N,\N,\N,,\N,\N,\N,\N,\N
usrt,b,"a,""b""",12.5,\N,2012-02-29T23:59:59.997,0xDEADBEEF,\\N,9223372036854775807,6F9619FF-8B86-D011-B42D-00C04FC964FF,2012-01-01T00:00:00.1234567,1,-0.0001
usrt,Ä," x ",0,\N,\N,\N,\N,\N,\N,\N,\N,\N
`,
    );
    expect(await readFile(join(target, 'tables', 'LINES.csv'), 'utf8')).toBe(
      'RECID,DATAAREAID,ITEMID\n-1,usrt,A\n9,usrt,Ä\n10,usrt,b\n',
    );
  });

  it.each(['pack', 'pack.zip'])(
    'as %s, loaded elsewhere and exported again, is the same byte for byte',
    async (leaf) => {
      const [from, to] = [await freshStore(), await freshStore()];
      await fill(from.name);
      const [first, again, second] = (await Promise.all(
        [1, 2, 3].map(async () => join(await newFolder(), leaf)),
      )) as [string, string, string];
      const asOne = (input: SetupInput): SetupInput => ({
        ...input,
        answers: { ...input.answers, identification: { storeId: 'S1', dataAreaId: 'usrt' } },
      });
      await exported(asOne(from.input), first);
      await exported(asOne(from.input), again);
      expect(await loadInto(to.input, first)).toMatchObject({ exit: 'done' });
      await exported(asOne(to.input), second);
      const read = async (path: string) =>
        leaf.endsWith('.zip') ? await readFile(path, 'latin1') : await bytesOf(path);
      expect(await read(again)).toEqual(await read(first));
      expect(await read(second)).toEqual(await read(first));
    },
  );

  it.each<Partial<ExportOptions>>([
    { format: { text: 'ndjson', isCompressed: false } },
    { format: { text: 'csv', isCompressed: true } },
    { format: { text: 'ndjson', isCompressed: true } },
  ])('in other forms holds the same rows: $format', async (form) => {
    const [from, to] = [await freshStore(), await freshStore()];
    await fill(from.name);
    const target = join(await newFolder(), 'pack');
    await exported(from.input, target, form);
    expect(await loadInto(to.input, target)).toMatchObject({ exit: 'done' });
    const { ITEMS: items, ...rest } = await rowsOf(server, from.name);
    const loaded = await rowsOf(server, to.name);
    expect(loaded).toMatchObject(rest);
    expect(loaded.ITEMS).toEqual(
      (items as { DATAAREAID: string }[]).filter((row) => row.DATAAREAID === 'usrt'),
    );
  });

  it('leaves out the jobs whose data is not there, and refuses them when they are asked for', async () => {
    const { name, input } = await freshStore();
    await fill(name);
    await withSession(server, name, (session) => session.batch('DELETE FROM dbo.EXTRAS'));
    const last = await exported(input, join(await newFolder(), 'pack'));
    expect(last).toMatchObject({ kind: 'exported', leftOut: [{ id: 'A-3' }] });
    const target = join(await newFolder(), 'pack');
    await expect(exported(input, target, { jobs: ['A-3'] })).rejects.toMatchObject({ code: 'job-empty' });
    await expect(exported(input, target, { jobs: ['A-9'] })).rejects.toMatchObject({
      code: 'job-unknown',
      exit: 'usage',
    });
    expect(await readdir(join(target, '..'))).toEqual([]);
  });

  it('refuses a place that is taken, and a text that no file can carry', async () => {
    const { name, input } = await freshStore();
    await fill(name);
    const taken = await newFolder();
    await expect(exported(input, taken)).rejects.toMatchObject({ code: 'pack-exists', exit: 'usage' });
    await withSession(server, name, (session) =>
      session.batch(`UPDATE dbo.EXTRAS SET TXT = NCHAR(55357) WHERE ID = 1`),
    );
    const target = join(await newFolder(), 'pack');
    await expect(exported(input, target)).rejects.toMatchObject({ code: 'text-not-unicode' });
    expect(await readdir(join(target, '..'))).toEqual([]);
  });
});

describe('an export that breaks', () => {
  /** A disk that is full after so many bytes. */
  const smallDisk = (room: number): FileWriter => {
    let left = room;
    return (path) => {
      const file = diskFile(path);
      return new Writable({
        write: (chunk: Buffer, encoding, done) => {
          left -= chunk.length;
          if (left < 0)
            return done(
              Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
            );
          file.write(chunk, encoding, (error) => done(error ?? undefined));
        },
        final: (done) => void file.end(() => done()),
        destroy: (error, done) => {
          file.destroy();
          done(error);
        },
      });
    };
  };

  it.each([
    ['pack', { text: 'csv', isCompressed: false }],
    ['pack', { text: 'csv', isCompressed: true }],
    ['pack.zip', { text: 'csv', isCompressed: false }],
  ] as const)('on a full disk (%s, %j) leaves nothing and says so', async (leaf, format) => {
    const { name, input } = await freshStore();
    await fill(name);
    for (const room of [0, 30, 200, 700]) {
      const target = join(await newFolder(), leaf);
      await expect(exported(input, target, { format }, smallDisk(room)), String(room)).rejects.toMatchObject({
        code: 'disk-full',
        exit: 'prerequisite',
      });
      expect(await readdir(join(target, '..')), String(room)).toEqual([]);
    }
  });

  it.each(['pack', 'pack.zip'])(
    'with its connection (%s) leaves nothing, and goes well the next time',
    async (leaf) => {
      const faults = new Faults();
      const own = await startPracticeServer({ faults });
      try {
        const { name, input } = await freshStore(own);
        await fill(name, own);
        await withSession(own, name, (session) =>
          session.batch(`INSERT INTO dbo.EXTRAS (DATAAREAID, ID, TXT) VALUES (N'usrt', 10, N'twenty characters ok');
DECLARE @n int; SET @n = 1;
WHILE @n < 20000 BEGIN INSERT INTO dbo.EXTRAS (DATAAREAID, ID, TXT) SELECT DATAAREAID, ID + @n, TXT FROM dbo.EXTRAS WHERE ID >= 10; SET @n = @n * 2; END;`),
        );
        const target = join(await newFolder(), leaf);
        let isArmed = false;
        const cut = (event: ExportEvent) => {
          if (isArmed || event.kind !== 'export-progress' || event.table !== 'EXTRAS') return;
          isArmed = true;
          faults.arm({ at: 'packet', direction: 'out', type: 4, does: 'drop' });
        };
        await expect(exported(input, target, {}, diskFile, cut)).rejects.toMatchObject({
          exit: 'connection',
        });
        expect(faults.struck).toBe(1);
        expect(await readdir(join(target, '..'))).toEqual([]);
        faults.clear();
        expect(await exported(input, target)).toMatchObject({ kind: 'exported' });
      } finally {
        await own.close();
      }
    },
  );
});
