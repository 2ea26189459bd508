import type { RegisterIds } from '../../../../src/core/offline/identification/match.ts';
import { writeProfileBatch } from '../../../../src/core/offline/profile/write-profile.ts';
import {
  detectProvisioning,
  nothingProvisioned,
  type Provisioning,
} from '../../../../src/core/offline/provision/detect-provisioning.ts';
import { profileTables, provisionActions } from '../../../../src/core/offline/provision/provision-actions.ts';
import { registerReplicas } from '../../../../src/core/offline/replicas/register-replicas.ts';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { batchesOf } from '../../../../src/core/plan/index.ts';
import type { OperationContext } from '../../../../src/core/plan/operation.ts';
import type { Finding } from '../../../../src/core/plan/plan.ts';
import type { ConnectionTarget, SqlSession } from '../../../../src/core/sql/session.ts';
import { checkTracking } from '../../../../src/core/verify/check-tracking.ts';
import type { Check } from '../../../../src/core/verify/events.ts';
import { realServers } from '../../plan/store-runs.ts';
import { audit, createTables, logTables, profile, tableNames } from './small-shop.ts';

export type DatabasePlace = ConnectionTarget & { readonly database: string };

const { signal } = new AbortController();

/** Makes a database of the small shop and provisions it as a set-up does. */
export async function makeDatabase(
  target: DatabasePlace,
  options: {
    readonly role: 'store' | 'offline';
    readonly snapshots: 'none' | 'allowed' | 'always';
    /** Has the store write down every version of every row. */
    readonly isAudited: boolean;
  },
): Promise<void> {
  const { database, ...server } = target;
  const { role, snapshots } = options;
  const master = await realServers().connect(server);
  await master.batch(`CREATE DATABASE ${database}`);
  if (snapshots !== 'none') await master.batch(`ALTER DATABASE ${database} SET ALLOW_SNAPSHOT_ISOLATION ON`);
  if (snapshots === 'always') await master.batch(`ALTER DATABASE ${database} SET READ_COMMITTED_SNAPSHOT ON`);
  await master.close();
  const session = await realServers().connect(target);
  await session.batch('CREATE SCHEMA storedb');
  await session.batch('CREATE ROLE storedb_register');
  for (const create of [...createTables, ...logTables]) await session.batch(create);
  if (options.isAudited) {
    await session.batch(audit.table);
    for (const table of tableNames) await session.batch(audit.trigger(table));
  }
  if (role === 'store') await session.batch(writeProfileBatch(profile).sql);
  await provision(session, nothingProvisioned, role, target);
  await session.close();
}

/**
 * Sets a database up again, as a technician does to whom it was reported, and tells what the set-up and, before it, the
 * verification said: codes and names of findings, each with the table.
 */
export async function repairDatabase(
  target: DatabasePlace,
  role: 'store' | 'offline',
): Promise<{ readonly verified: readonly Check[]; readonly warnings: readonly Finding[] }> {
  const session = await realServers().connect(target);
  try {
    const found = await detectProvisioning(session, signal);
    const tables = profileTables(profile, await readTableShapes(session, signal));
    const verified = checkTracking(role, tables, found);
    return { verified, warnings: await provision(session, found, role, target) };
  } finally {
    await session.close();
  }
}

async function provision(
  session: SqlSession,
  found: Provisioning,
  role: 'store' | 'offline',
  { server, database }: DatabasePlace,
): Promise<readonly Finding[]> {
  const tables = profileTables(profile, await readTableShapes(session, signal));
  const { actions, warnings } = provisionActions(tables, found, { role, server, database });
  for (const action of actions) for (const { sql } of batchesOf(action)) await session.batch(sql);
  return warnings;
}

/** Makes the store and a register known to each other, as a set-up does. */
export async function introduce(
  store: DatabasePlace,
  offline: DatabasePlace,
  ids: RegisterIds,
): Promise<void> {
  const open = {
    store: await realServers().connect(store),
    offline: await realServers().connect(offline),
  };
  // Two databases that meet need no more of a run than this.
  const context = {
    open: async (role: 'store' | 'offline') => open[role],
    operator: { host: ids.registerId, osUser: 'tester', toolVersion: '1.0.0' },
    signal,
    hasChanged: () => undefined,
  } as Partial<OperationContext> as OperationContext;
  const work = registerReplicas(
    {
      kind: 'register-replicas',
      ids,
      storeDatabase: store.database,
      offlineDatabase: offline.database,
    },
    context,
  );
  for await (const _ of work);
  for (const session of Object.values(open)) await session.close();
}
