/**
 * Writes assets/sample-data/sample.sql: the initial data of a small, invented shop, for practice servers. The same
 * script makes the same bytes; nobody in it exists.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const company = 'usrt';
const lines: string[] = [
  '-- title: Fill the store database with the sample data of an invented shop',
  '-- Made by scripts/sample-data.ts; only for practice servers.',
];

const text = (value: string) => `N'${value.replaceAll("'", "''")}'`;
const insert = (table: string, columns: readonly string[], rows: readonly (readonly string[])[]) => {
  // SQL Server takes at most 1,000 rows in one VALUES.
  for (let at = 0; at < rows.length; at += 250) {
    const some = rows.slice(at, at + 250).map((row) => `(${row.join(', ')})`);
    lines.push(`INSERT INTO dbo.[${table}] (${columns.join(', ')})\nVALUES ${some.join(',\n  ')};`, 'GO');
  }
};

/** Numbers between 0 and 1, the same ones each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomFrom(2012);
const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';

insert('COMPANYINFO', ['RECID', 'DATAAREA'], [['1', text(company)]]);
insert('CURRENCY', ['CURRENCYCODE'], [[text('USD')], [text('EUR')]]);
insert('LOGISTICSADDRESSCOUNTRYREGION', ['COUNTRYREGIONID'], [[text('USA')], [text('DEU')]]);
insert(
  'TAXTABLE',
  ['TAXCODE', 'DATAAREAID', 'TAXNAME'],
  [
    [text('AV_TXST'), text(company), text('State tax')],
    [text('EXEMPT'), text(company), text('Exempt')],
  ],
);
insert('RETAILPARAMETERS', ['KEY_', 'DATAAREAID'], [['0', text(company)]]);
insert('RETAILSTORETABLE', ['RECID', 'STORENUMBER'], [['100', text('HOUSTON')]]);
insert(
  'RETAILTERMINALTABLE',
  ['TERMINALID', 'NAME', 'STORERECID'],
  [
    [text('HOUSTON-1'), text('Register 1'), '100'],
    [text('HOUSTON-2'), text('Register 2'), '100'],
  ],
);
insert(
  'CUSTTABLE',
  ['ACCOUNTNUM', 'DATAAREAID'],
  [
    [text('000001'), text(company)],
    [text('000002'), text(company)],
  ],
);
const items = Array.from({ length: 500 }, (_, index) => String(10_001 + index));
insert(
  'INVENTTABLE',
  ['ITEMID', 'NAMEALIAS', 'DATAAREAID'],
  items.map((item) => [
    text(item),
    text(
      `${pick(['Red', 'Blue', 'Green', 'Plain', 'Large', 'Small'])} ${pick(['mug', 'bag', 'lamp', 'chair', 'scarf', 'bowl', 'clock'])}`,
    ),
    text(company),
  ]),
);
insert(
  'PRICEDISCTABLE',
  ['RECID', 'ITEMRELATION', 'AMOUNT', 'DATAAREAID'],
  items.map((item, index) => [
    String(1_000 + index),
    text(item),
    `${Math.floor(random() * 4_000)}.${String(Math.floor(random() * 100)).padStart(2, '0')}`,
    text(company),
  ]),
);

const target = join(import.meta.dirname, '..', 'assets', 'sample-data', 'sample.sql');
writeFileSync(target, `${lines.join('\n')}\n`);
