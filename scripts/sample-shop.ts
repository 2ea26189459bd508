const company = 'usrt';
const language = 'en-us';
const store = 'HOUSTON';
const channel = 100;

/** A number is written as it is; a text in quotes. */
type Cell = string | number;
type Rows = {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** The invented shop as INSERT statements: one store, two registers, 500 products. The same ones each time. */
export function shopStatements(): readonly string[] {
  return shop().flatMap(({ table, columns, rows }) => {
    const statements: string[] = [];
    // SQL Server takes at most 1,000 rows in one VALUES.
    for (let at = 0; at < rows.length; at += 250) {
      const some = rows.slice(at, at + 250).map((row) => `(${row.map(literal).join(', ')})`);
      statements.push(`INSERT INTO dbo.[${table}] (${columns.join(', ')})\nVALUES ${some.join(',\n  ')};`);
    }
    return statements;
  });
}

const literal = (cell: Cell): string =>
  typeof cell === 'number' ? String(cell) : `N'${cell.replaceAll("'", "''")}'`;

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

const colours = ['Red', 'Blue', 'Green', 'Plain', 'Large', 'Small', 'Striped'];
const things = ['mug', 'bag', 'lamp', 'chair', 'scarf', 'bowl', 'clock', 'towel'];

function products() {
  const random = randomFrom(2012);
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  return Array.from({ length: 500 }, (_, index) => ({
    item: String(10_001 + index),
    name: `${pick(colours)} ${pick(things)}`,
    price: (100 + Math.floor(random() * 39_900)) / 100,
    isFood: random() < 0.1,
    recordId: 1_000 + index,
  }));
}

/** A barcode of the numbers that are free for a shop's own use (EAN-13, prefix 20). */
function barcode(recordId: number): string {
  const digits = `20${String(recordId).padStart(10, '0')}`;
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function shop(): readonly Rows[] {
  const items = products();
  const oneEach = (
    table: string,
    columns: readonly string[],
    row: (item: (typeof items)[number]) => readonly Cell[],
  ) => ({
    table,
    columns,
    rows: items.map(row),
  });
  return [
    { table: 'COMPANYINFO', columns: ['RECID', 'DATAAREA'], rows: [[1, company]] },
    {
      table: 'CURRENCY',
      columns: ['CURRENCYCODE', 'TXT', 'SYMBOL', 'CURRENCYCODEISO', 'ROUNDOFFSALES'],
      rows: [
        ['USD', 'US dollar', '$', 'USD', 0.01],
        ['EUR', 'Euro', '€', 'EUR', 0.01],
      ],
    },
    { table: 'LANGUAGETABLE', columns: ['LANGUAGEID'], rows: [[language], ['de']] },
    {
      table: 'LOGISTICSADDRESSCOUNTRYREGION',
      columns: ['COUNTRYREGIONID', 'ISOCODE', 'CURRENCYCODE'],
      rows: [
        ['USA', 'US', 'USD'],
        ['DEU', 'DE', 'EUR'],
      ],
    },
    {
      table: 'UNITOFMEASURE',
      columns: ['RECID', 'SYMBOL', 'DECIMALPRECISION', 'MODIFIEDDATETIME'],
      rows: [
        [1, 'ea', 0, '2012-01-02T08:00:00'],
        [2, 'kg', 3, '2012-01-02T08:00:00'],
      ],
    },
    ...taxes(),
    { table: 'RETAILPARAMETERS', columns: ['KEY_', 'DATAAREAID'], rows: [[0, company]] },
    {
      table: 'RETAILCHANNELTABLE',
      columns: [
        'RECID',
        'CURRENCY',
        'INVENTLOCATION',
        'INVENTLOCATIONDATAAREAID',
        'DEFAULTCUSTACCOUNT',
        'DEFAULTCUSTDATAAREAID',
      ],
      rows: [[channel, 'USD', store, company, '000001', company]],
    },
    {
      table: 'RETAILSTORETABLE',
      columns: ['RECID', 'STORENUMBER', 'TAXGROUP', 'TAXGROUPDATAAREAID', 'CULTURENAME'],
      rows: [[channel, store, 'TX', company, language]],
    },
    {
      table: 'RETAILTERMINALTABLE',
      columns: ['TERMINALID', 'NAME', 'STORERECID', 'RECID'],
      rows: [1, 2].map((number) => [`${store}-${number}`, `Register ${number}`, channel, 200 + number]),
    },
    ...tenders(),
    {
      table: 'RETAILSTAFFTABLE',
      columns: ['RECID', 'STAFFID', 'NAMEONRECEIPT', 'CULTURENAME', 'MODIFIEDDATETIME'],
      rows: [1, 2, 3].map((number) => [
        300 + number,
        `S00${number}`,
        number === 1 ? 'Manager' : `Cashier ${number - 1}`,
        language,
        '2012-01-02T08:00:00',
      ]),
    },
    {
      table: 'CUSTGROUP',
      columns: ['CUSTGROUP', 'NAME', 'DATAAREAID'],
      rows: [['SHOP', 'Customers of the shop', company]],
    },
    {
      table: 'CUSTTABLE',
      columns: ['ACCOUNTNUM', 'CUSTGROUP', 'CURRENCY', 'DATAAREAID', 'RECID'],
      rows: ['000001', '000002'].map((account, index) => [account, 'SHOP', 'USD', company, 400 + index]),
    },
    oneEach(
      'INVENTTABLE',
      ['ITEMID', 'NAMEALIAS', 'PRODUCT', 'DATAAREAID', 'RECID'],
      ({ item, name, recordId }) => [item, name, recordId, company, recordId],
    ),
    oneEach(
      'INVENTTABLEMODULE',
      ['ITEMID', 'MODULETYPE', 'UNITID', 'PRICE', 'PRICEUNIT', 'TAXITEMGROUPID', 'DATAAREAID', 'RECID'],
      // Module 2 is sales.
      ({ item, price, isFood, recordId }) => [
        item,
        2,
        'ea',
        price,
        1,
        isFood ? 'FOOD' : 'ALL',
        company,
        recordId,
      ],
    ),
    oneEach('RETAILINVENTTABLE', ['ITEMID', 'DATAAREAID', 'RECID'], ({ item, recordId }) => [
      item,
      company,
      recordId,
    ]),
    oneEach(
      'INVENTITEMBARCODE',
      ['ITEMBARCODE', 'ITEMID', 'USEFORINPUT', 'QTY', 'UNITID', 'DATAAREAID', 'RECID'],
      ({ item, recordId }) => [barcode(recordId), item, 1, 1, 'ea', company, recordId],
    ),
    oneEach('ECORESPRODUCT', ['RECID', 'DISPLAYPRODUCTNUMBER', 'SEARCHNAME'], ({ item, name, recordId }) => [
      recordId,
      item,
      name,
    ]),
    oneEach(
      'ECORESPRODUCTTRANSLATION',
      ['RECID', 'PRODUCT', 'LANGUAGEID', 'NAME', 'DESCRIPTION'],
      ({ name, recordId }) => [recordId, recordId, language, name, `${name}, "as in the shop window"`],
    ),
    oneEach(
      'PRICEDISCTABLE',
      [
        'RECID',
        'ITEMRELATION',
        'AMOUNT',
        'CURRENCY',
        'UNITID',
        'PRICEUNIT',
        'RELATION',
        'MODIFIEDDATETIME',
        'DATAAREAID',
      ],
      // Relation 4 is a sales price.
      ({ item, price, recordId }) => [
        recordId,
        item,
        price,
        'USD',
        'ea',
        1,
        4,
        '2012-01-02T08:00:00',
        company,
      ],
    ),
  ];
}

function taxes(): readonly Rows[] {
  const codes = [
    { code: 'AV_TXST', name: 'State tax', percent: 6.25 },
    { code: 'AV_TXCT', name: 'City tax', percent: 2 },
    { code: 'EXEMPT', name: 'Exempt', percent: 0 },
  ];
  return [
    {
      table: 'TAXTABLE',
      columns: ['TAXCODE', 'DATAAREAID', 'TAXNAME', 'TAXCURRENCYCODE'],
      rows: codes.map(({ code, name }) => [code, company, name, 'USD']),
    },
    {
      table: 'TAXDATA',
      columns: ['TAXCODE', 'TAXVALUE', 'TAXLIMITMIN', 'TAXFROMDATE', 'TAXTODATE', 'DATAAREAID', 'RECID'],
      rows: codes.map(({ code, percent }, index) => [
        code,
        percent,
        0,
        '1900-01-01T00:00:00',
        '1900-01-01T00:00:00',
        company,
        500 + index,
      ]),
    },
    {
      table: 'TAXGROUPHEADING',
      columns: ['TAXGROUP', 'TAXGROUPNAME', 'DATAAREAID'],
      rows: [['TX', 'Shops in Texas', company]],
    },
    {
      table: 'TAXGROUPDATA',
      columns: ['TAXGROUP', 'TAXCODE', 'DATAAREAID'],
      rows: codes.map(({ code }) => ['TX', code, company]),
    },
    {
      table: 'TAXONITEM',
      columns: ['TAXITEMGROUP', 'TAXCODE', 'DATAAREAID'],
      rows: [
        ['ALL', 'AV_TXST', company],
        ['ALL', 'AV_TXCT', company],
        ['FOOD', 'EXEMPT', company],
      ],
    },
  ];
}

function tenders(): readonly Rows[] {
  // The default functions: 0 normal, 1 card, 3 tender remove/float, 4 customer account.
  const kinds = [
    { id: '1', name: 'Cash', use: 0 },
    { id: '2', name: 'Check', use: 0 },
    { id: '3', name: 'Cards', use: 1 },
    { id: '4', name: 'Customer account', use: 4 },
  ];
  return [
    {
      table: 'RETAILTENDERTYPETABLE',
      columns: ['TENDERTYPEID', 'NAME', 'DEFAULTFUNCTION'],
      rows: kinds.map(({ id, name, use }) => [id, name, use]),
    },
    {
      table: 'RETAILSTORETENDERTYPETABLE',
      columns: ['DATAAREAID', 'CHANNEL', 'TENDERTYPEID', 'NAME', 'ROUNDING', 'CHANGETENDERID'],
      rows: kinds.map(({ id, name }) => [company, channel, id, name, 0.01, '1']),
    },
  ];
}
