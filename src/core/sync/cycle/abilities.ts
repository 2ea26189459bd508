import { replicaTable } from '../../offline/tracking/names.ts';
import { ask } from '../../plan/detect/ask.ts';
import { quoteName } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';

/** What the engine of one side can do; tried once for each connection, never assumed. */
export type Abilities = {
  /** Says up to where everything is committed. Without it, tables with changes are compared as a whole. */
  readonly knowsCommitted: boolean;
  /** Goes to master and back within one text, where the deployer's lock is. Azure SQL Database does not. */
  readonly reachesMaster: boolean;
  /** Passes over rows that somebody else is writing. */
  readonly readsPast: boolean;
  /** Says how much room the database takes. */
  readonly knowsSize: boolean;
};

/** Asks in four trips, each of which the server may refuse. */
export async function readAbilities(
  session: SqlSession,
  database: string,
  signal: AbortSignal,
): Promise<Abilities> {
  const can = async (text: string) => (await ask(() => session.query(text, {}, signal))).known;
  return {
    knowsCommitted: await can('SELECT MIN_ACTIVE_ROWVERSION() AS bound'),
    reachesMaster: await can(`USE [master]; USE ${quoteName(database)}; SELECT 1 AS here`),
    readsPast: await can(`SELECT TOP (1) LocalId FROM ${replicaTable} WITH (READPAST)`),
    knowsSize: await can(sizeQuery),
  };
}

/** Pages (8 KB) that the database's rows take, and the engine's edition: 4 = Express. */
export const sizeQuery = `SELECT CAST(SUM(CAST(FILEPROPERTY(name, 'SpaceUsed') AS bigint)) AS varchar(20)) AS pages,
  CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition, CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(40)) AS version
FROM sys.database_files WHERE type = 0`;
