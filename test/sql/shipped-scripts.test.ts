import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashScript } from '../../src/core/schema/hash.ts';
import { builtinPack, type PackColumn, type PackTable, sqlFolder, tablesOf } from './pack-tables.ts';

const pack = await builtinPack();
const tables = [...tablesOf(pack).values()];

/** `TABLE.COLUMN` of the columns that break a rule. */
const columnsThat = (breaks: (column: PackColumn, table: PackTable) => boolean) =>
  tables.flatMap((table) =>
    table.columns.filter((column) => breaks(column, table)).map((column) => `${table.name}.${column.name}`),
  );

describe('the scripts that have shipped', () => {
  it('never change: a change is a new script, whose line goes to the end of shipped-scripts.json', async () => {
    const frozen: unknown = JSON.parse(
      await readFile(new URL('./shipped-scripts.json', import.meta.url), 'utf8'),
    );
    const hashes = Object.fromEntries(pack.scripts.map(({ id, sha256 }) => [id, sha256]));
    expect(hashes).toEqual(frozen);
  });

  it('hash alike whatever line ends a checkout gives them', async () => {
    for (const { id, sha256 } of pack.scripts) {
      const text = await readFile(join(sqlFolder, id), 'utf8');
      expect(hashScript(`\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`)).toBe(sha256);
    }
  });

  it('are all in the list', async () => {
    const files: string[] = [];
    for await (const file of glob('**/*.sql', { cwd: sqlFolder })) files.push(file.replaceAll('\\', '/'));
    expect(files.sort()).toEqual(pack.scripts.map(({ id }) => id).sort());
  });
});

describe('the built-in schema', () => {
  it('has 171 tables', () => {
    expect(tables).toHaveLength(171);
  });

  it('clusters every table on its primary key and on nothing else', () => {
    const others = tables.filter(
      ({ key, isKeyClustered, otherClustered }) =>
        key.length === 0 || !isKeyClustered || otherClustered.length > 0,
    );
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  it('has an identity column in the key of the two logs only, which are never synchronised', () => {
    const found = tables.filter(({ key, columns }) =>
      columns.some(({ name, isIdentity }) => isIdentity && key.includes(name)),
    );
    expect(found.map(({ name }) => name).sort()).toEqual(['RETAILLOG', 'RETAILOFFLINESYNCLOG']);
  });

  it('gives every required column outside the key a default, but for the one that its writer makes', () => {
    const without = columnsThat(
      (column, table) =>
        column.isRequired &&
        !column.isIdentity &&
        column.defaultName === undefined &&
        !table.key.includes(column.name) &&
        !['timestamp', 'rowversion'].includes(column.type),
    );
    expect(without).toEqual(['RETAILOFFLINESYNCLOG.RECID']);
  });

  it('names every default after its table and column, so that a later script can drop it', () => {
    const misnamed = columnsThat(
      ({ name, defaultName }, table) =>
        defaultName !== undefined && defaultName !== `DF_${table.name}_${name}`,
    );
    expect(misnamed).toEqual([]);
  });

  it('uses no type that triggers cannot see', () => {
    expect(columnsThat(({ type }) => ['image', 'text', 'ntext'].includes(type))).toEqual([]);
  });
});
