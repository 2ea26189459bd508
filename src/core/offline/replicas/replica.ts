import type { SqlSession } from '../../sql/session.ts';
import { replicaTable } from '../tracking/names.ts';

/** A database that takes part in the synchronisation, as a database knows it (storedb.Replica). */
export type Replica = {
  /** 1 = the database itself; the number by which tracking rows name the others. */
  readonly localId: number;
  /** A GUID in upper case. */
  readonly replicaId: string;
  readonly kind: 'store' | 'offline';
  readonly storeId: string;
  readonly registerId: string;
  readonly dataAreaId: string;
  /** The computer that the register was set up on. */
  readonly machine: string;
  readonly databaseName: string;
  readonly epoch: number;
  readonly createdUtc: Date;
  readonly isRetired: boolean;
};

/** The local id under which every database knows itself. */
export const selfId = 1;

type ReplicaRow = Omit<Replica, 'kind' | 'isRetired'> & {
  readonly kind: string;
  readonly retiredUtc: Date | null;
};

/** The columns of `replicaOf`, from storedb.Replica; a WHERE may follow. */
export const replicaSelect = `SELECT LocalId AS localId, CAST(ReplicaId AS varchar(36)) AS replicaId, Kind AS kind, StoreId AS storeId,
  RegisterId AS registerId, DataAreaId AS dataAreaId, Machine AS machine, DatabaseName AS databaseName,
  Epoch AS epoch, CreatedUtc AS createdUtc, RetiredUtc AS retiredUtc
FROM ${replicaTable}`;

export const replicaOf = ({ kind, retiredUtc, ...row }: ReplicaRow): Replica => ({
  ...row,
  replicaId: row.replicaId.toUpperCase(),
  kind: kind === 'store' ? 'store' : 'offline',
  isRetired: retiredUtc !== null,
});

/** All replicas that a database knows; none where the table is not there yet. */
export async function readReplicas(session: SqlSession, signal: AbortSignal): Promise<readonly Replica[]> {
  const rows = await session.query<ReplicaRow>(
    `IF OBJECT_ID(N'storedb.Replica') IS NOT NULL\n${replicaSelect} ORDER BY LocalId`,
    {},
    signal,
  );
  return rows.map(replicaOf);
}

/** The database itself; undefined where it does not take part yet. */
export const selfOf = (replicas: readonly Replica[]): Replica | undefined =>
  replicas.find(({ localId }) => localId === selfId);
