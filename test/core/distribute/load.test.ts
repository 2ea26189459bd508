import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SetupInput } from '../../../src/core/plan/index.ts';
import { cutServers } from '../plan/cut-servers.ts';
import { realServers, type TestServer, withSession } from '../plan/store-runs.ts';
import { startTestServer } from '../plan/test-server.ts';
import { type PackParts, type PackTable, writePack } from './small-packs.ts';
import { loadInto, makeStore, rowsOf, smallStore } from './small-store.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
let databases = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/** A store database with rows of two companies. */
async function freshStore(): Promise<{ readonly name: string; readonly input: SetupInput }> {
  databases += 1;
  const name = `storedb_pack_${process.pid}_${databases}`;
  await makeStore(server, name);
  await fill(name);
  return { name, input: smallStore(server, name) };
}

/** Gives a database the rows that every test begins with. */
const fill = (name: string) =>
  withSession(server, name, (session) =>
    session.batch(`DELETE FROM dbo.LINES; DELETE FROM dbo.ITEMS; DELETE FROM dbo.RATES; DELETE FROM dbo.EXTRAS;
INSERT INTO dbo.ITEMS (DATAAREAID, ITEMID, NAME, PRICE, QTY) VALUES
  (N'usrt', N'A1', N'mug', 1.5, 1), (N'usrt', N'A2', N'bag', 2, NULL), (N'deus', N'A1', N'Becher', 3, 7);
INSERT INTO dbo.LINES (RECID, DATAAREAID, ITEMID) VALUES (1, N'usrt', N'A1'), (2, N'usrt', N'A2'), (3, N'deus', N'A1');
INSERT INTO dbo.RATES (CODE, RATE) VALUES (N'USD', 1), (N'EUR', 0.9);
INSERT INTO dbo.EXTRAS (DATAAREAID, ID, TXT) VALUES (N'usrt', 1, N'x'), (N'usrt', 2, N'y'), (N'deus', 1, N'z');`),
  );

const itemColumns = 'DATAAREAID,ITEMID,NAME,PRICE,QTY,SOLD,PICTURE,NOTE,SERIAL,TOKEN,STAMP,ACTIVE,AMOUNT';
const nulls = String.raw`\N,\N,\N,\N,\N,\N,\N,\N`;
const items = (...rows: readonly string[]) => `${[itemColumns, ...rows].join('\n')}\n`;
const item = (id: string, name = 'mug', price = '1.5', qty = '1') =>
  `usrt,${id},${name},${price},${qty},${nulls}`;
const lines = (...rows: readonly string[]) => `${['RECID,DATAAREAID,ITEMID', ...rows].join('\n')}\n`;

const itemJob = { id: 'N-1', name: 'Items', kind: 'N', tables: ['LINES', 'ITEMS'] } as const;
const packOf = (itemText: string | PackTable, lineText = lines(), more: Partial<PackParts> = {}) =>
  writePack({ jobs: [itemJob], tables: { LINES: lineText, ITEMS: itemText }, ...more });

describe('loading a pack', () => {
  it('replaces the rows of the company by an N job in the order of the keys, and leaves those of others', async () => {
    const { name, input } = await freshStore();
    const before = await rowsOf(server, name);
    const picture = '0xDEADBEEF';
    const pack = await packOf(
      {
        says: { rows: 2 },
        text: items(
          item('A1'),
          `usrt,B9,"a,""b""",99999999999.0000000000000001,\\N,2012-02-29T23:59:59.997,${picture},"two\nlines",9223372036854775807,6F9619FF-8B86-D011-B42D-00C04FC964FF,2012-01-01T00:00:00.1234567,1,-0.0001`,
        ),
      },
      lines('1,usrt,A1', '9,usrt,B9'),
    );
    const done = await loadInto(input, pack);
    expect(done).toMatchObject({ exit: 'done', failure: undefined });
    expect(done.told).toContain('2 rows new, 0 changed, 2 gone');
    const after = await rowsOf(server, name);
    expect(after.RATES).toEqual(before.RATES);
    expect(after.EXTRAS).toEqual(before.EXTRAS);
    expect(after.LINES).toEqual([
      { RECID: '1', DATAAREAID: 'usrt', ITEMID: 'A1' },
      { RECID: '3', DATAAREAID: 'deus', ITEMID: 'A1' },
      { RECID: '9', DATAAREAID: 'usrt', ITEMID: 'B9' },
    ]);
    const exact = await withSession(server, name, (session) =>
      session.query(`SELECT CAST(PRICE AS varchar(41)) AS price, NOTE AS note, CONVERT(varchar(30), SOLD, 126) AS sold,
  CONVERT(varchar(30), STAMP, 121) AS stamp, CONVERT(varchar(20), AMOUNT, 2) AS amount, CAST(SERIAL AS varchar(20)) AS serial, PICTURE AS picture, NAME AS name, QTY AS qty
FROM dbo.ITEMS WHERE ITEMID = N'B9'`),
    );
    expect(exact).toEqual([
      {
        price: '99999999999.0000000000000001',
        note: 'two\nlines',
        sold: '2012-02-29T23:59:59.997',
        stamp: '2012-01-01 00:00:00.1234567',
        amount: '-0.0001',
        serial: '9223372036854775807',
        picture: Buffer.from(picture.slice(2), 'hex'),
        name: 'a,"b"',
        qty: null,
      },
    ]);
    expect((await loadInto(input, pack)).told).toContain('0 rows new, 0 changed, 0 gone');
  });

  it('merges by an A job, and takes the spelling of the pack where the server sees no difference', async () => {
    const { name, input } = await freshStore();
    const pack = await writePack({
      jobs: [{ id: 'A-3', name: 'Extras', kind: 'A', tables: ['EXTRAS'] }],
      tables: { EXTRAS: 'ID,TXT,DATAAREAID\n2,Y,usrt\n3,\\N,usrt\n' },
    });
    expect((await loadInto(input, pack)).told).toContain('1 row new, 1 changed, 0 gone');
    expect((await rowsOf(server, name)).EXTRAS).toEqual([
      { DATAAREAID: 'deus', ID: 1, TXT: 'z' },
      { DATAAREAID: 'usrt', ID: 1, TXT: 'x' },
      { DATAAREAID: 'usrt', ID: 2, TXT: 'Y' },
      { DATAAREAID: 'usrt', ID: 3, TXT: null },
    ]);
  });

  it('takes nothing from the tables that all companies share while another company is in the database', async () => {
    const { name, input } = await freshStore();
    const rates = { id: 'N-2', name: 'Rates', kind: 'N', tables: ['RATES'] } as const;
    const both = await writePack({
      jobs: [rates, itemJob],
      tables: { RATES: 'CODE,RATE\nUSD,1.1\n', LINES: lines(), ITEMS: items(item('A1')) },
    });
    const done = await loadInto(input, both);
    expect(done.told).toContain('rows of other companies');
    expect((await rowsOf(server, name)).RATES).toMatchObject([{ CODE: 'EUR' }, { CODE: 'USD', RATE: 1.1 }]);
    await withSession(server, name, (session) =>
      session.batch(
        `DELETE FROM dbo.LINES WHERE DATAAREAID = N'deus'; DELETE FROM dbo.ITEMS WHERE DATAAREAID = N'deus';`,
      ),
    );
    expect((await loadInto(input, both)).told).toContain('0 rows new, 0 changed, 1 gone');
    expect((await rowsOf(server, name)).RATES).toMatchObject([{ CODE: 'USD' }]);
  });

  it('takes the jobs that are asked for, and knows which ones there are', async () => {
    const { name, input } = await freshStore();
    const pack = await writePack({
      jobs: [
        { id: 'N-2', name: 'Rates', kind: 'N', tables: ['RATES'] },
        { id: 'A-3', name: 'Extras', kind: 'A', tables: ['EXTRAS'] },
      ],
      tables: { RATES: 'CODE,RATE\nUSD,5\n', EXTRAS: 'ID,TXT,DATAAREAID\n7,new,usrt\n' },
    });
    const before = await rowsOf(server, name);
    expect(await loadInto(input, pack, ['a-3'])).toMatchObject({ exit: 'done' });
    expect((await rowsOf(server, name)).RATES).toEqual(before.RATES);
    expect((await loadInto(input, pack, ['N-9'])).failure).toMatchObject({ code: 'job-unknown' });
  });
});

describe('a pack is refused, and nothing changed,', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let before: unknown;
  beforeAll(async () => {
    store = await freshStore();
    before = await rowsOf(server, store.name);
  });

  const refusedWith = async (pack: string, code: string, message: string | RegExp) => {
    const { exit, failure } = await loadInto(store.input, pack);
    expect({ exit, code: failure?.code }).toEqual({ exit: 'prerequisite', code });
    expect(failure?.message).toMatch(message);
    expect(failure?.hint).not.toBe('');
    expect(await rowsOf(server, store.name)).toEqual(before);
  };

  it.each<[string, string, string, RegExp]>([
    [
      'a text that is too long',
      items(item('A1'), item('A2', 'x'.repeat(11))),
      'pack-row-refused',
      /ITEMS\.csv, line 3, column NAME: this text has 11 characters, and the column 10/,
    ],
    [
      'a number out of range',
      items(item('A1', 'mug', '1', '2147483648')),
      'pack-row-refused',
      /line 2, column QTY: this number is not between/,
    ],
    [
      'a price with too many digits',
      items(item('A1', 'mug', '0.00000000000000001')),
      'pack-row-refused',
      /line 2, column PRICE: .*16 digits after the point/,
    ],
    [
      'a bad date',
      items(`usrt,A1,mug,1,1,2012-02-30T00:00:00,${nulls.slice(3)}`),
      'pack-row-refused',
      /line 2, column SOLD: this is not a date/,
    ],
    [
      'a NULL where none may be',
      items('usrt,A1,\\N,1,1,'.concat(nulls)),
      'pack-row-refused',
      /line 2, column NAME: this column cannot be NULL/,
    ],
    [
      'a key that stands twice',
      items(item('A1'), item('A2'), item('A1')),
      'pack-row-refused',
      /line 4, column DATAAREAID, ITEMID: this key stands on line 2 already/,
    ],
    [
      'keys that the server takes for one',
      items(item('A1'), item('a1')),
      'pack-row-refused',
      /line 3, .*stands on line 2 already/,
    ],
    [
      'a row of another company',
      items(item('A1'), item('A2').replace('usrt', 'deus')),
      'pack-other-company',
      /line 3, column DATAAREAID/,
    ],
    [
      'a row with a value too few',
      items('usrt,A1'),
      'pack-row-refused',
      /line 2: this row has 2 values for 13 columns/,
    ],
    [
      'a column that the table does not have',
      items(item('A1')).replace('NOTE', 'COLOUR'),
      'pack-columns-differ',
      /line 1, column COLOUR: the table ITEMS has no such column/,
    ],
    [
      'a column twice',
      items(item('A1')).replace('NOTE', 'NAME'),
      'pack-columns-differ',
      /line 1, column NAME: this column is there twice/,
    ],
    [
      'a column too few',
      items(item('A1').replace(/,\\N$/, '')).replace(',AMOUNT', ''),
      'pack-columns-differ',
      /line 1, column AMOUNT: the file does not have this column/,
    ],
    [
      'a quote that is not closed',
      items(`usrt,A1,"mug,1,1,${nulls}`),
      'pack-row-refused',
      /line 2: .*quote/i,
    ],
    [
      'nothing where no shop has nothing',
      items(),
      'pack-empty',
      /N-1 Items would leave the shop without ITEMS/,
    ],
  ])('for %s', async (_what, text, code, message) => {
    await refusedWith(await packOf(text), code, message);
  });

  it('for a wrong company, a wrong version, a table that is not there', async () => {
    await refusedWith(
      await packOf(items(item('A1')), lines(), { company: 'deus' }),
      'pack-wrong-company',
      /rows of the company deus; this store database is of usrt/,
    );
    await refusedWith(
      await packOf(items(item('A1')), lines(), { schemaVersion: '6.2.10.0' }),
      'pack-wrong-version',
      /version 6.2.10.0; this one has 6.2.0.0/,
    );
    await refusedWith(
      await writePack({ tables: { ITEMS: items(item('A1')), OTHER: 'ID\n1\n' } }),
      'pack-table-unknown',
      /no table OTHER/,
    );
  });

  it('for a file that was cut off, and for one with rows that the manifest does not know', async () => {
    const text = items(item('A1'), item('A2'));
    const cut = { text, stored: (bytes: Buffer) => bytes.subarray(0, -10) };
    await refusedWith(
      await writePack({ jobs: [itemJob], tables: { LINES: lines(), ITEMS: cut } }),
      'pack-damaged',
      /ITEMS\.csv: it is cut off/,
    );
    const more = { text, says: { rows: 1 } };
    await refusedWith(
      await writePack({ jobs: [itemJob], tables: { LINES: lines(), ITEMS: more } }),
      'pack-damaged',
      /more than the 1 rows/,
    );
  });

  it('for a key that another company has', async () => {
    await refusedWith(
      await packOf(items(item('A1')), lines('3,usrt,A1')),
      'pack-row-refused',
      /LINES\.csv, line 2, column RECID: another company has a row of this key/,
    );
  });

  it('also when the last of many tables is the bad one', async () => {
    const jobs = [
      { id: 'N-2', name: 'Rates', kind: 'N', tables: ['RATES'] },
      { id: 'A-3', name: 'Extras', kind: 'A', tables: ['EXTRAS'] },
    ] as const;
    const tables = { RATES: 'CODE,RATE\nUSD,9\n', EXTRAS: 'ID,TXT,DATAAREAID\n1,x,usrt\nno,x,usrt\n' };
    await refusedWith(
      await writePack({ jobs, tables }),
      'pack-row-refused',
      /EXTRAS\.csv, line 3, column ID/,
    );
  });

  it('when a row refers to one that is not there: the set is rolled back', async () => {
    await refusedWith(
      await packOf(items(item('A1')), lines('1,usrt,A7')),
      'sql-547',
      /FK_LINES_ITEMS|FOREIGN KEY/,
    );
  });
});

describe('a load that is killed', () => {
  it.each(['before', 'after'] as const)(
    '%s any of its statements leaves no set half done, and the next one finishes',
    { timeout: 110_000 },
    async (when) => {
      const jobs = [itemJob, { id: 'A-3', name: 'Extras', kind: 'A', tables: ['EXTRAS'] }] as const;
      const pack = await writePack({
        jobs,
        tables: {
          LINES: lines('9,usrt,B9'),
          ITEMS: items(item('B9')),
          EXTRAS: 'ID,TXT,DATAAREAID\n1,new,usrt\n',
        },
      });
      const { name } = await freshStore();
      const old = await rowsOf(server, name);
      const counting = cutServers(realServers(), undefined);
      expect(await loadInto(smallStore(server, name, counting.servers), pack)).toMatchObject({
        exit: 'done',
      });
      const done = await rowsOf(server, name);
      expect(done).not.toEqual(old);
      for (let at = 1; at <= counting.count(); at += 1) {
        const { name } = await freshStore();
        const { servers } = cutServers(realServers(), { at, when });
        await loadInto(smallStore(server, name, servers), pack);
        const left = await rowsOf(server, name);
        const isItems = (rows: Record<string, unknown>) => ({ items: rows.ITEMS, lines: rows.LINES });
        expect([isItems(old), isItems(done)], `${when} ${at}`).toContainEqual(isItems(left));
        expect([old.EXTRAS, done.EXTRAS], `${when} ${at}`).toContainEqual(left.EXTRAS);
        expect(await loadInto(smallStore(server, name), pack), `${when} ${at}`).toMatchObject({
          exit: 'done',
        });
        expect(await rowsOf(server, name), `${when} ${at}`).toEqual(done);
      }
    },
  );

  it('by who asked for it says that nothing was changed when nothing was', async () => {
    const { name, input } = await freshStore();
    const before = await rowsOf(server, name);
    const stop = new AbortController();
    const pack = await packOf(items(item('A1')));
    stop.abort();
    expect(await loadInto(input, pack, undefined, stop.signal)).toMatchObject({ exit: 'cancelledBefore' });
    expect(await rowsOf(server, name)).toEqual(before);
  });
});
