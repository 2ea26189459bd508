import { quoteNames, quoteString } from '../../sql/identifiers.ts';

/** The table beside a synchronised one that says what has changed; the suffix is the one of Sync Framework. */
export const trackingTableName = (table: string): string => `${table}_tracking`;

/** The one trigger that writes it. Sync Framework calls its three `<Table>_insert_trigger` and so on. */
export const trackingTriggerName = (table: string): string => `${table}_storedb_tracking`;

/** Longest name of a table that leaves room for the names above within the 128 of an identifier. */
export const longestTableName = 128 - '_storedb_tracking'.length;

/**
 * CONTEXT_INFO of whoever writes on behalf of somebody else: these 16 bytes, then an int (4 bytes, big-endian as CAST
 * makes it). The triggers read it as the local id of the replica whom the change came from; -1 = house-keeping, which
 * is not tracked. A second int is the OBJECT_ID of the only table that it is said of; without it or with 0, of all.
 * Anything that does not begin with these bytes is a local change: Azure SQL Database sets a value of its own.
 */
export const contextMagic = '0x73746F72656462206368616E67652031';

/** T-SQL that makes the session write for `origin` (a number, or the name of an int variable). */
export const setOrigin = (origin: number | string): string =>
  `DECLARE @storedb_context varbinary(128); SET @storedb_context = ${contextMagic} + CAST(CAST(${origin} AS int) AS binary(4)); SET CONTEXT_INFO @storedb_context;`;

/**
 * Narrows `setOrigin` to one table, by its quoted name. Triggers of the application may write into others meanwhile:
 * such a row nobody sent, and it must go to everybody, also to the sender.
 */
export const narrowOrigin = (table: string): string =>
  `SET @storedb_context = SUBSTRING(@storedb_context, 1, 20) + CAST(OBJECT_ID(${quoteString(table)}) AS binary(4)); SET CONTEXT_INFO @storedb_context;`;

export const clearOrigin = 'SET CONTEXT_INFO 0x00;';

/** Where a session loads rows before they are applied: the run-time role may make and drop tables in it, nowhere else. */
export const stagingSchema = 'storedb_staging';

const own = (table: string): string => quoteNames('storedb', table);

/** The tables of the synchronisation's own records, quoted; see metadata.ts for their columns. */
export const replicaTable = own('Replica');
export const syncTableTable = own('SyncTable');
export const anchorTable = own('Anchor');
export const pairTable = own('Pair');
export const seenTable = own('Seen');
export const conflictTable = own('Conflict');
export const syncRunTable = own('SyncRun');
