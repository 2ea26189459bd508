import { ExpectedError } from '../../errors.ts';
import { fold, only } from '../../plan/detect/ask.ts';
import type { OperationContext, Outcome, Performer, Progress } from '../../plan/operation.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { RegisterIds } from '../identification/match.ts';
import { replicaTable } from '../tracking/names.ts';
import { selfId } from './replica.ts';

/** Makes the store database and an offline database known to each other. */
export type RegisterReplicas = {
  readonly kind: 'register-replicas';
  readonly ids: RegisterIds;
  readonly storeDatabase: string;
  readonly offlineDatabase: string;
};

/**
 * First each database gets its own identity, then each learns of the other: whatever kills it, what is there is right
 * and the next run adds the rest. Former offline databases of the same register are retired at the store, so that what
 * they had sent counts as somebody else's.
 */
export const registerReplicas: Performer<RegisterReplicas> = async function* (
  operation: RegisterReplicas,
  context: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  const { ids } = operation;
  const store = await context.open('store');
  const offline = await context.open('offline');
  const total = 4;
  const step = (done: number): Progress => ({ done, total, unit: 'records' });
  const inStore = { ...ids, registerId: '', machine: '', database: operation.storeDatabase, kind: 'store' };
  const onRegister = {
    ...ids,
    machine: context.operator.host,
    database: operation.offlineDatabase,
    kind: 'offline',
  };
  const offlineId = await ensureSelf(offline, onRegister, context);
  yield step(1);
  const storeId = await ensureSelf(store, inStore, context);
  yield step(2);
  await ensurePeer(store, { ...onRegister, replicaId: offlineId }, context);
  yield step(3);
  await ensurePeer(offline, { ...inStore, replicaId: storeId }, context);
  yield step(4);
  return { outcome: 'done' };
};

type Described = RegisterIds & {
  readonly machine: string;
  readonly database: string;
  readonly kind: string;
};

const columns =
  'LocalId, ReplicaId, Kind, StoreId, RegisterId, DataAreaId, Machine, DatabaseName, Epoch, CreatedUtc';
const described = '@kind, @storeId, @registerId, @dataAreaId, @machine, @database, 1, GETUTCDATE()';

/** The database's own id; made where it has none. Throws where it is somebody else's. */
async function ensureSelf(
  session: SqlSession,
  self: Described,
  { signal, hasChanged }: OperationContext,
): Promise<string> {
  const { machine, ...rest } = self;
  hasChanged();
  const row = only(
    await session.query<{ replicaId: string; kind: string; registerId: string }>(
      `INSERT INTO ${replicaTable} (${columns})
SELECT ${selfId}, NEWID(), ${described}
WHERE NOT EXISTS (SELECT 1 FROM ${replicaTable} WITH (UPDLOCK, HOLDLOCK) WHERE LocalId = ${selfId});
SELECT CAST(ReplicaId AS varchar(36)) AS replicaId, Kind AS kind, RegisterId AS registerId
FROM ${replicaTable} WHERE LocalId = ${selfId};`,
      { ...rest, machine: machine.slice(0, 128) },
      signal,
    ),
  );
  if (fold(row.kind) === self.kind && fold(row.registerId) === fold(self.registerId))
    return row.replicaId.toUpperCase();
  throw new ExpectedError({
    code: 'replica-of-another',
    exit: 'prerequisite',
    message: `The database ${self.database} takes part in the synchronisation as ${row.kind} ${row.registerId}.`,
    hint: 'Check the register ID and the database name: one of the two is wrong.',
  });
}

/** Lets a database know another one, under the next number that it has not given yet. */
async function ensurePeer(
  session: SqlSession,
  peer: Described & { readonly replicaId: string },
  { signal, hasChanged }: OperationContext,
): Promise<void> {
  const { machine, ...rest } = peer;
  hasChanged();
  await session.query(
    `SET XACT_ABORT ON;
BEGIN TRANSACTION;
UPDATE ${replicaTable} SET RetiredUtc = GETUTCDATE()
WHERE LocalId <> ${selfId} AND Kind = @kind AND LOWER(RegisterId) = LOWER(@registerId) AND RetiredUtc IS NULL
  AND ReplicaId <> CAST(@replicaId AS uniqueidentifier);
INSERT INTO ${replicaTable} (${columns})
SELECT (SELECT MAX(LocalId) + 1 FROM ${replicaTable} WITH (UPDLOCK, HOLDLOCK)), CAST(@replicaId AS uniqueidentifier), ${described}
WHERE NOT EXISTS (SELECT 1 FROM ${replicaTable} WHERE ReplicaId = CAST(@replicaId AS uniqueidentifier));
UPDATE ${replicaTable} SET RetiredUtc = NULL WHERE ReplicaId = CAST(@replicaId AS uniqueidentifier) AND RetiredUtc IS NOT NULL;
COMMIT TRANSACTION;`,
    { ...rest, machine: machine.slice(0, 128) },
    signal,
  );
}
