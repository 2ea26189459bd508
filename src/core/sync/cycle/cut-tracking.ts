import { syncTableTable, trackingTableName } from '../../offline/tracking/names.ts';
import { quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { Rules } from '../rules.ts';
import { type RowVersion, rowVersionText } from '../window/enumerate.ts';
import { removedAtOnce } from './retention.ts';

/** What may go of a table's tracking: everything up to a rowversion, or only the marks of rows that are gone. */
export type Cut = { readonly name: string; readonly upTo: RowVersion; readonly what: 'all' | 'tombstones' };

/** CleanupTimestamp says what may be gone in the same transaction in which it goes. */
export async function cutTracking(
  session: SqlSession,
  cuts: readonly Cut[],
  { recordsCleanup }: Rules,
  signal: AbortSignal,
): Promise<void> {
  if (cuts.length === 0) return;
  const text = cuts.map(({ name, upTo, what }) => {
    const tracking = quoteNames('dbo', trackingTableName(name));
    const isOver = `[local_update_peer_timestamp] <= ${rowVersionText(upTo)}${what === 'all' ? '' : ' AND [sync_row_is_tombstone] = 1'}`;
    return `IF EXISTS (SELECT 1 FROM ${tracking} WHERE ${isOver})
BEGIN
BEGIN TRANSACTION;
${recordsCleanup ? recordSql(name, upTo) : ''}
DELETE TOP (${removedAtOnce}) FROM ${tracking} WHERE ${isOver};
COMMIT TRANSACTION;
END;`;
  });
  await session.query(`SET XACT_ABORT ON; SET NOCOUNT ON;\n${text.join('\n')}`, {}, signal);
}

const recordSql = (name: string, upTo: RowVersion): string =>
  `UPDATE ${syncTableTable} SET CleanupTimestamp = ${rowVersionText(upTo)} WHERE TableName = ${quoteString(name)} AND CleanupTimestamp < ${rowVersionText(upTo)};`;
