import type { SyncDirection } from '../../offline/profile/profile.ts';
import { seenTable } from '../../offline/tracking/names.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { rowVersionText } from '../window/enumerate.ts';
import { type Course, registerSide, storeSide } from './course.ts';
import { readAnchors } from './read-side.ts';
import type { PairSide } from './tokens.ts';

/**
 * Tells the source how far the destination has come, so that it can put away what nobody needs any more. Advisory: the
 * anchors in the destination decide, and a source that hears of them late keeps its tombstones longer.
 */
export async function noteSeen(
  course: Course,
  direction: SyncDirection,
  signal: AbortSignal,
): Promise<boolean> {
  const [register, store] = [registerSide(course), storeSide(course)];
  if (direction !== 'download') await note(store, register, signal);
  if (direction !== 'upload') await note(register, store, signal);
  return true;
}

async function note(destination: PairSide, source: PairSide, signal: AbortSignal): Promise<void> {
  const anchors = await readAnchors(destination, signal);
  const rows = [...anchors].map(
    ([name, { timestamp }]) => `SELECT ${quoteString(name)} AS name, ${rowVersionText(timestamp)} AS at`,
  );
  if (rows.length === 0) return;
  const seen = `(${rows.join(' UNION ALL ')}) AS n`;
  await source.session.query(
    `UPDATE s SET [Timestamp] = n.at, SeenUtc = GETUTCDATE() FROM ${seenTable} AS s JOIN ${seen} ON LOWER(s.TableName) = n.name
WHERE s.PeerId = ${source.peerId} AND s.[Timestamp] <> n.at;
INSERT INTO ${seenTable} (PeerId, TableName, [Timestamp], SeenUtc)
SELECT ${source.peerId}, n.name, n.at, GETUTCDATE() FROM ${seen}
WHERE NOT EXISTS (SELECT 1 FROM ${seenTable} AS s WHERE s.PeerId = ${source.peerId} AND LOWER(s.TableName) = n.name);`,
    {},
    signal,
  );
}
