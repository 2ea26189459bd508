import { trackingTableName } from '../../offline/tracking/names.ts';
import { quoteNames } from '../../sql/identifiers.ts';
import type { Rules } from '../rules.ts';
import { borrowed } from './borrowed.ts';
import { type RowVersion, rowVersionText } from './enumerate.ts';
import type { WindowOrder } from './order.ts';
import { allowsSnapshot, inSnapshot } from './snapshot.ts';

/**
 * A later bound of the source, where its tables have changed since `upper`: what was read of them is of several moments
 * then, and a sale may be there without its lines. undefined where nothing has changed, where the bound has not moved
 * (somebody's transaction is open, reading again would show the same), and where nobody can tell.
 */
export async function laterBound(
  { source, tables, upper, sourceCan: { knowsCommitted, readsPast } }: WindowOrder,
  rules: Rules,
  signal: AbortSignal,
): Promise<RowVersion | undefined> {
  const isCertain = knowsCommitted && rules.bound === 'committed';
  if (tables.length < 2 || !isCertain || !rules.readsTogether) return undefined;
  return await borrowed(source, signal, async (reader) => {
    const isOfOneMoment = await allowsSnapshot(reader, signal);
    if (!isOfOneMoment && !readsPast) return undefined;
    const hint = isOfOneMoment ? '' : ' WITH (READPAST)';
    const changed = tables.map(
      ({ from }) =>
        `EXISTS (SELECT 1 FROM ${quoteNames(from.schema, trackingTableName(from.name))}${hint} WHERE [local_update_peer_timestamp] > ${rowVersionText(upper)})`,
    );
    const query = `SELECT CAST(CAST(MIN_ACTIVE_ROWVERSION() AS bigint) - 1 AS varchar(20)) AS bound WHERE ${changed.join('\nOR ')}`;
    const [found] = await reader.query<{ bound: string }>(
      isOfOneMoment ? inSnapshot(query) : query,
      {},
      signal,
    );
    const later = found === undefined ? upper : BigInt(found.bound);
    return later > upper ? later : undefined;
  });
}
