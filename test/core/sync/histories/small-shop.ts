import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfflineProfile } from '../../../../src/core/offline/profile/profile.ts';

/** The databases of a history: one of the store, three of registers. */
export const registers = ['r1', 'r2', 'r3'] as const;
export type Register = (typeof registers)[number];
export type Place = 'store' | Register;
export const places: readonly Place[] = ['store', ...registers];

export const idsOf = (register: Register) => ({
  storeId: 'HOUSTON',
  registerId: register.toUpperCase(),
  dataAreaId: 'usrt',
});

export type TableName = 'ITEM' | 'SALE' | 'SALELINE' | 'SHIFT';

/** A few small tables with what makes a shop's tables difficult: secondary unique keys, identities, exact numbers. */
export const profile: OfflineProfile = {
  name: 'Small',
  description: 'Of the histories',
  scopes: [
    { name: 'Prices', direction: 'download', frequencySeconds: 0, tables: ['ITEM'] },
    { name: 'Sales', direction: 'upload', frequencySeconds: 0, tables: ['SALE', 'SALELINE'] },
    { name: 'Shifts', direction: 'bidirectional', frequencySeconds: 0, tables: ['SHIFT'] },
  ],
};

export const createTables = [
  `CREATE TABLE dbo.ITEM (ITEMID nvarchar(10) NOT NULL, CODE nvarchar(20) NOT NULL CONSTRAINT UQ_ITEM UNIQUE,
  AMOUNT numeric(32, 16) NULL, SINCE datetime NULL, NAME nvarchar(30) NULL, RV rowversion NOT NULL,
  CONSTRAINT PK_ITEM PRIMARY KEY CLUSTERED (ITEMID))`,
  // LINES says how many lines were sold with it: header and lines have to arrive together.
  `CREATE TABLE dbo.SALE (TERMINAL nvarchar(10) NOT NULL, NR int NOT NULL, CODE nvarchar(20) NOT NULL CONSTRAINT UQ_SALE UNIQUE,
  LINES int NOT NULL, AMOUNT numeric(32, 16) NULL, SINCE datetime NULL, NAME nvarchar(30) NULL,
  COUNTER int IDENTITY(1, 1) NOT NULL CONSTRAINT UQ_SALE_COUNTER UNIQUE,
  CONSTRAINT PK_SALE PRIMARY KEY CLUSTERED (TERMINAL, NR))`,
  `CREATE TABLE dbo.SALELINE (TERMINAL nvarchar(10) NOT NULL, NR int NOT NULL, LINE int NOT NULL,
  AMOUNT numeric(32, 16) NULL, NAME nvarchar(30) NULL, CONSTRAINT PK_SALELINE PRIMARY KEY CLUSTERED (TERMINAL, NR, LINE))`,
  `CREATE TABLE dbo.SHIFT (ID int NOT NULL, CODE nvarchar(20) NOT NULL CONSTRAINT UQ_SHIFT UNIQUE,
  AMOUNT numeric(32, 16) NULL, SINCE datetime NULL, NAME nvarchar(30) NULL,
  CONSTRAINT PK_SHIFT PRIMARY KEY CLUSTERED (ID))`,
];

/** The tables of offline profiles and of the log, as the shipped scripts make them. */
export const logTables = readFileSync(
  join(import.meta.dirname, '../../../../sql/6.2.0.0/130-sync.sql'),
  'utf8',
)
  .split(/^GO\s*$/m)
  .filter((batch) => batch.includes('CREATE TABLE'));

/** Columns that travel, by table; the key first. */
export const tables: Readonly<
  Record<TableName, { readonly key: readonly string[]; readonly rest: readonly string[] }>
> = {
  ITEM: { key: ['ITEMID'], rest: ['CODE', 'AMOUNT', 'SINCE', 'NAME'] },
  SALE: { key: ['TERMINAL', 'NR'], rest: ['CODE', 'LINES', 'AMOUNT', 'SINCE', 'NAME'] },
  SALELINE: { key: ['TERMINAL', 'NR', 'LINE'], rest: ['AMOUNT', 'NAME'] },
  SHIFT: { key: ['ID'], rest: ['CODE', 'AMOUNT', 'SINCE', 'NAME'] },
};
export const tableNames = Object.keys(tables) as readonly TableName[];

/** What the store's own trigger writes down: every version of every row that was ever committed there. */
export const audit = {
  table:
    'CREATE TABLE dbo.AUDIT (ID int IDENTITY(1, 1) NOT NULL PRIMARY KEY, T nvarchar(10) NOT NULL, K nvarchar(60) NOT NULL, V nvarchar(400) NOT NULL)',
  trigger: (table: TableName): string =>
    `CREATE TRIGGER dbo.${table}_AUDIT ON dbo.${table} AFTER INSERT, UPDATE AS
INSERT INTO dbo.AUDIT (T, K, V) SELECT N'${table}', ${keyText(table, 'i')}, ${rowText(table, 'i')} FROM inserted AS i`,
};

const valueText = (column: string, alias: string): string => {
  const value = `${alias}.[${column}]`;
  const text = column === 'SINCE' ? `CONVERT(nvarchar(30), ${value}, 126)` : `CAST(${value} AS nvarchar(60))`;
  return `ISNULL(N'<' + ${text} + N'>', N'NULL')`;
};

/** A key and a row as exact texts: two rows are the same when their texts are, byte by byte. */
export const keyText = (table: TableName, alias: string): string =>
  tables[table].key.map((column) => `CAST(${alias}.[${column}] AS nvarchar(20))`).join(` + N'/' + `);
export const rowText = (table: TableName, alias: string): string =>
  tables[table].rest.map((column) => valueText(column, alias)).join(` + N'${between}' + `);

/** Between the values of a row's text. No value of a history has it. */
export const between = '¦';
