import { nothingProvisioned } from '../../../../src/core/offline/provision/detect-provisioning.ts';
import {
  type ProfileTable,
  provisionActions,
} from '../../../../src/core/offline/provision/provision-actions.ts';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { batchesOf } from '../../../../src/core/plan/index.ts';
import type { SqlSession } from '../../../../src/core/sql/session.ts';

const signal = new AbortController().signal;

/** Makes a table and provisions it as a set-up does, in the database of the session. */
export async function provisionTable(session: SqlSession, create: string, name: string): Promise<void> {
  await session.batch(create);
  const shape = (await readTableShapes(session, signal)).get(name.toLowerCase());
  if (shape === undefined) throw new Error(`There is no table ${name}.`);
  const table: ProfileTable = {
    shape,
    scope: 'Test',
    scopeOrder: 1,
    tableOrder: 1,
    direction: 'upload',
    frequencySeconds: 0,
  };
  const target = { role: 'offline', server: 'x', database: 'x' } as const;
  const { actions } = provisionActions([table], nothingProvisioned, target);
  for (const action of actions) for (const { sql } of batchesOf(action)) await session.batch(sql);
}

/** The schema and the role that a set-up has made before it provisions. */
export const prepare = `IF SCHEMA_ID(N'storedb') IS NULL EXEC (N'CREATE SCHEMA storedb AUTHORIZATION dbo');
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'storedb_register') CREATE ROLE storedb_register;`;
