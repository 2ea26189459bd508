import { randomBytes } from 'node:crypto';
import mssql from 'mssql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PracticeServer, startPracticeServer } from '../../src/practice/index.ts';
import { builtinPack, type PackColumn, type PackTable, tablesOf } from './pack-tables.ts';

const pack = await builtinPack();
const tables = [...tablesOf(pack).values()];
const database = `storedb_tables_${randomBytes(4).toString('hex')}`;

let practice: PracticeServer | undefined;
let pool: mssql.ConnectionPool | undefined;

const connected = (): mssql.ConnectionPool => {
  if (pool === undefined) throw new Error('not connected');
  return pool;
};

beforeAll(async () => {
  const { STOREDB_TEST_SERVER, STOREDB_TEST_USER, STOREDB_TEST_PASSWORD } = process.env;
  if (STOREDB_TEST_SERVER === undefined) practice = await startPracticeServer();
  const [host = '', port] = (practice?.server ?? STOREDB_TEST_SERVER ?? '').split(',');
  pool = await new mssql.ConnectionPool({
    server: host,
    ...(port === undefined ? {} : { port: Number(port) }),
    user: practice?.user ?? STOREDB_TEST_USER ?? '',
    password: practice?.password ?? STOREDB_TEST_PASSWORD ?? '',
    // One session, so that USE holds for all that follows.
    pool: { min: 1, max: 1 },
    options: { trustServerCertificate: true },
  }).connect();
  await pool.request().batch(`CREATE DATABASE [${database}]`);
  await pool.request().batch(`USE [${database}]`);
  for (const script of pack.scripts)
    for (const batch of script.batches) await pool.request().batch(batch.sql);
});

afterAll(async () => {
  await pool?.request().batch(`USE master; DROP DATABASE [${database}]`);
  await pool?.close();
  await practice?.close();
});

/** Some value of the type, as T-SQL. */
function sample({ type }: PackColumn): string {
  if (/^n?(var)?char$/.test(type)) return "N'A'";
  if (/^(small|big|tiny)?int$|^numeric$|^decimal$|^bit$/.test(type)) return '1';
  if (/^(small)?datetime2?$|^date$/.test(type)) return "'20260102'";
  if (type === 'uniqueidentifier') return "'0E984725-C51C-4BF4-9960-E1C80E27ABA0'";
  throw new Error(`no sample of ${type}`);
}

it('the scripts make every table that they say', async () => {
  const { recordset } = await connected().request().query<{ name: string }>('SELECT name FROM sys.tables');
  expect(recordset.map(({ name }) => name.toUpperCase()).sort()).toEqual(
    tables.map(({ name }) => name.toUpperCase()).sort(),
  );
});

it('every table takes a row that says no more than its key', async () => {
  const refused: string[] = [];
  for (const table of tables) {
    try {
      const { rowsAffected } = await connected().request().query(insertOf(table));
      if (rowsAffected[0] !== 1) refused.push(`${table.name}: ${rowsAffected} rows`);
    } catch (error) {
      refused.push(`${table.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  expect(refused).toEqual([]);
});

function insertOf({ name, columns, key }: PackTable): string {
  const said = columns.filter(
    (column) =>
      !column.isIdentity &&
      (key.includes(column.name) || `${name}.${column.name}` === 'RETAILOFFLINESYNCLOG.RECID'),
  );
  if (said.length === 0) return `INSERT INTO dbo.[${name}] DEFAULT VALUES`;
  const names = said.map((column) => `[${column.name}]`).join(', ');
  return `INSERT INTO dbo.[${name}] (${names}) VALUES (${said.map(sample).join(', ')})`;
}
