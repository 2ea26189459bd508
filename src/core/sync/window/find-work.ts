import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { nativesOf } from '../transfer/natives.ts';
import { conflictRule } from './conflicts.ts';
import { newsQuery, type Reading } from './enumerate.ts';
import { keysTable } from './keys-table.ts';
import { type OpenTable, openTable } from './open-tables.ts';
import type { WindowOrder } from './order.ts';
import { type Retries, readRetries } from './retries.ts';
import { allowsSnapshot, inSnapshot } from './snapshot.ts';

/** A table of a window with something to bring: it is taken whole, has changes, or parked rows to be tried again. */
export type Work = { readonly table: OpenTable; readonly reading: Reading; readonly retries: Retries };

/** What there is to do, in one round trip a side; tables that cannot travel are told instead. */
export async function findWork(
  source: DriverSession,
  destination: DriverSession,
  order: WindowOrder,
  signal: AbortSignal,
): Promise<{ readonly work: readonly Work[]; readonly findings: readonly Finding[] }> {
  const natives = await nativesOf(destination, signal);
  const opened = order.tables.map((table) => openTable(table, natives));
  const retries = await readRetries(destination, order.sourceId, signal);
  const all = opened
    .filter((each) => 'columns' in each)
    .map((table): Work => {
      const again = retries.get(fold(table.to.name)) ?? { ids: [], keys: [] };
      return { table, retries: again, reading: readingOf(table, again, order) };
    });
  const hasNews = await placesWithNews(source, all, signal);
  return {
    work: all.filter(
      ({ reading, retries: { ids } }, place) =>
        reading.after === undefined || hasNews.has(place) || ids.length > 0,
    ),
    findings: opened.filter((each) => 'code' in each),
  };
}

async function placesWithNews(
  source: DriverSession,
  all: readonly Work[],
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const asked = all.flatMap(({ reading }, place) =>
    reading.after === undefined ? [] : [{ place, reading, after: reading.after }],
  );
  if (asked.length === 0) return new Set();
  const query = newsQuery(asked);
  const text = (await allowsSnapshot(source, signal)) ? inSnapshot(query) : query;
  const news = await source.query<{ place: number }>(text, {}, signal);
  return new Set(news.map(({ place }) => place));
}

function readingOf(table: OpenTable, retries: Retries, order: WindowOrder): Reading {
  const rule = conflictRule(order);
  const isWhole = table.whole !== undefined;
  return {
    shape: table.from,
    columns: table.columns,
    after: isWhole ? undefined : table.anchor?.timestamp,
    upper: order.upper,
    peerId: order.destinationId,
    // The absence of a row in a whole download says as much as the tracking table does.
    tellsGone: rule !== 'keep-others' && !(isWhole && rule === 'overwrite'),
    keys: isWhole ? undefined : keysTable(table.from, retries.keys),
  };
}
