import { beforeEach, describe, expect, it } from 'vitest';
import { systemViews } from '../../../src/practice/catalog/index.ts';
import type { Database, Server, SessionState, Table } from '../../../src/practice/engine/model.ts';
import {
  addConstraint,
  addTable,
  errorOf,
  INT,
  parsed,
  parsedCondition,
  rowsOf,
  run,
  sessionOf,
  shopServer,
  start,
  TEXT,
} from './model.ts';

let server: Server;
let shop: Database;
let admin: SessionState;
let sales: Table;

beforeEach(() => {
  ({ server, shop } = shopServer());
  admin = sessionOf(server, 'sa', shop);
  sales = addTable(shop, 'Sales', {
    id: INT,
    amount: { kind: 'numeric', precision: 32, scale: 16 },
    text: TEXT,
    version: { kind: 'rowversion' },
  });
});

describe('views of objects', () => {
  it('show a table with its type, padded as char(2)', () => {
    expect(rowsOf(admin, 'sys.tables')).toMatchObject([
      {
        name: 'Sales',
        object_id: sales.id,
        schema_id: 1,
        type: 'U ',
        type_desc: 'USER_TABLE',
        max_column_id_used: 4,
      },
    ]);
    expect(rowsOf(admin, 'sys.objects').map((row) => row.type)).toEqual(['U ', 'PK']);
  });

  it('show the sizes of columns as SQL Server counts them', () => {
    const facets = rowsOf(admin, 'sys.columns').map((row) => [
      row.name,
      row.system_type_id,
      row.max_length,
      row.precision,
      row.scale,
    ]);
    expect(facets).toEqual([
      ['id', 56, 4, 10, 0],
      ['amount', 108, 17, 32, 16],
      ['text', 231, 256, 0, 0],
      ['version', 189, 8, 0, 0],
    ]);
  });

  it('show keys, indexes and heaps', () => {
    expect(rowsOf(admin, 'sys.key_constraints')).toMatchObject([
      { name: 'PK_Sales', type: 'PK', unique_index_id: 1 },
    ]);
    expect(rowsOf(admin, 'sys.indexes')).toMatchObject([
      { name: 'PK_Sales', index_id: 1, type_desc: 'CLUSTERED', is_primary_key: true },
    ]);
    sales.indexes.splice(0);
    expect(rowsOf(admin, 'sys.indexes')).toMatchObject([{ name: null, index_id: 0, type_desc: 'HEAP' }]);
    expect(rowsOf(admin, 'sys.partitions')).toMatchObject([{ rows: 3n }]);
  });

  it('show checks and defaults as they are stored', () => {
    const text = 'amount > 0';
    addConstraint(shop, sales, {
      name: 'CK',
      type: 'C',
      definition: { kind: 'check', condition: parsedCondition(text), text, at: start },
    });
    addConstraint(shop, sales, {
      name: 'DF',
      type: 'D',
      columnId: 2,
      definition: { kind: 'default', expression: parsed('1'), text: '1', withValues: false, at: start },
    });
    expect(rowsOf(admin, 'sys.check_constraints')).toMatchObject([
      { name: 'CK', definition: '([amount]>(0))', is_not_trusted: false },
    ]);
    expect(rowsOf(admin, 'sys.default_constraints')).toMatchObject([
      { name: 'DF', definition: '((1))', parent_column_id: 2 },
    ]);
  });

  it('show an identity before and after its first row', () => {
    expect(rowsOf(admin, 'sys.identity_columns')).toMatchObject([
      { name: 'id', seed_value: { value: 5 }, last_value: null },
    ]);
    if (sales.identity) sales.identity.last = 7n;
    expect(rowsOf(admin, 'sys.identity_columns')).toMatchObject([{ last_value: { value: 7 } }]);
  });

  it('hide what a user has no permission on', () => {
    run(admin, "create login till with password = 'Str0ng!Pass'; create user till for login till");
    const session = sessionOf(server, 'till', shop);
    expect(rowsOf(session, 'sys.tables')).toEqual([]);
    run(admin, 'grant insert on Sales to till');
    expect(rowsOf(session, 'sys.tables')).toHaveLength(1);
    expect(rowsOf(session, 'sys.columns')).toHaveLength(4);
  });

  it('list the system views themselves', () => {
    const names = rowsOf(admin, 'sys.all_objects').map((row) => row.name);
    expect(names).toContain('dm_os_volume_stats');
    expect(names).toContain('sp_rename');
  });
});

describe('INFORMATION_SCHEMA', () => {
  it('describes columns in the words of the standard', () => {
    expect(rowsOf(admin, 'information_schema.columns')).toMatchObject([
      {
        TABLE_NAME: 'Sales',
        COLUMN_NAME: 'id',
        IS_NULLABLE: 'NO',
        DATA_TYPE: 'int',
        NUMERIC_PRECISION: 10,
        NUMERIC_SCALE: 0,
      },
      { COLUMN_NAME: 'amount', DATA_TYPE: 'numeric', NUMERIC_PRECISION: 32, NUMERIC_SCALE: 16 },
      {
        COLUMN_NAME: 'text',
        DATA_TYPE: 'nvarchar',
        CHARACTER_MAXIMUM_LENGTH: 128,
        CHARACTER_OCTET_LENGTH: 256,
      },
      { COLUMN_NAME: 'version', DATA_TYPE: 'timestamp', CHARACTER_MAXIMUM_LENGTH: null },
    ]);
  });

  it('describes constraints and their columns', () => {
    expect(rowsOf(admin, 'information_schema.table_constraints')).toMatchObject([
      { CONSTRAINT_NAME: 'PK_Sales', CONSTRAINT_TYPE: 'PRIMARY KEY' },
    ]);
    expect(rowsOf(admin, 'information_schema.key_column_usage')).toMatchObject([
      { COLUMN_NAME: 'id', ORDINAL_POSITION: 1 },
    ]);
  });
});

describe('views of the server', () => {
  it('show the databases with their settings', () => {
    expect(
      rowsOf(admin, 'sys.databases').map((row) => [row.name, row.database_id, row.compatibility_level]),
    ).toEqual([
      ['master', 1, 110],
      ['tempdb', 2, 110],
      ['model', 3, 110],
      ['msdb', 4, 110],
      ['shop', 5, 110],
    ]);
  });

  it('show two files for each database and the disk under them', () => {
    expect(rowsOf(admin, 'sys.master_files')).toHaveLength(10);
    const [file] = rowsOf(admin, 'sys.database_files');
    expect(file).toMatchObject({
      name: 'shop',
      physical_name: 'practice:\\DATA\\shop.mdf',
      type_desc: 'ROWS',
    });
    const [volume] = rowsOf(admin, 'sys.dm_os_volume_stats', [5, 1]);
    expect(Number(volume?.available_bytes)).toBeGreaterThan(0);
    expect(rowsOf(admin, 'sys.dm_os_volume_stats', [99, 1])).toEqual([]);
  });

  it('show fixed roles, users and never a password', () => {
    const roles = rowsOf(admin, 'sys.database_principals').filter((row) => row.is_fixed_role === true);
    expect(roles.map((row) => row.name)).toContain('db_owner');
    expect(rowsOf(admin, 'sys.database_principals').find((row) => row.name === 'public')?.is_fixed_role).toBe(
      false,
    );
    expect(rowsOf(admin, 'sys.sql_logins')).toMatchObject([{ name: 'sa', password_hash: null }]);
    expect(
      JSON.stringify(
        [...systemViews.keys()].map((name) => {
          const values: Record<string, number[]> = { 'sys.dm_os_volume_stats': [1, 1] };
          return rowsOf(admin, name, values[name] ?? []);
        }),
        (_, value) => (typeof value === 'bigint' ? `${value}` : value),
      ),
    ).not.toContain('Secret-123');
  });

  it('show other sessions only to those who may see the state of the server', () => {
    run(admin, "create login till with password = 'Str0ng!Pass'; create user till for login till");
    const session = sessionOf(server, 'till', shop);
    expect(rowsOf(admin, 'sys.dm_exec_sessions')).toHaveLength(2);
    expect(rowsOf(session, 'sys.dm_exec_sessions')).toMatchObject([
      { session_id: session.id, login_name: 'till', transaction_isolation_level: 2 },
    ]);
    expect(errorOf(() => rowsOf(session, 'sys.dm_exec_connections'))).toBe(300);
  });

  it('have a value of the declared kind in every column of every row', () => {
    for (const [name, view] of systemViews) {
      const values = view.parameters === 2 ? [5, 1] : new Array(view.parameters ?? 0).fill(null);
      for (const row of rowsOf(admin, name, values)) {
        for (const column of view.columns) {
          const value = row[column.name];
          const kinds: Record<string, string> = {
            bit: 'boolean',
            bigint: 'bigint',
            int: 'number',
            smallint: 'number',
            tinyint: 'number',
            nvarchar: 'string',
            varchar: 'string',
            char: 'string',
            datetime: 'number',
          };
          const wanted = kinds[column.type.kind];
          if (value === null) expect(column.isNullable, `${name}.${column.name}`).toBe(true);
          else if (wanted !== undefined) expect(typeof value, `${name}.${column.name}`).toBe(wanted);
        }
      }
    }
  });
});
