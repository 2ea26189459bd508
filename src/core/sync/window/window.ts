import { fold, only } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { type Rules, soundRules } from '../rules.ts';
import { type Natives, nativesOf } from '../transfer/natives.ts';
import { stageRows } from '../transfer/stage-rows.ts';
import { dropStaging, stagingTable } from '../transfer/staging.ts';
import { type ApplyTable, applyWindow, type LeftRows } from './apply.ts';
import { conflictRule } from './conflicts.ts';
import { changesQuery, newsQuery, type Reading } from './enumerate.ts';
import { parkedFinding, tableFailed } from './findings.ts';
import { keysTable } from './keys-table.ts';
import { type OpenTable, openTable } from './open-tables.ts';
import type { WindowOrder, WindowProgress, WindowResult } from './order.ts';
import { badRowsOf } from './probe-rows.ts';
import { type Retries, readRetries } from './retries.ts';
import type { StagedTable } from './staged-table.ts';
import { isTransient } from './transient.ts';
import { stageAbsentRows } from './write-rows.ts';

/**
 * Brings what changed since the last window, all of it or nothing: whatever breaks, the same call afterwards does the
 * rest, and once more nothing. What cannot be applied is parked in storedb.Conflict in the same transaction; a table
 * that cannot be written is left out with a finding, and its anchor stays.
 *
 * Throws what is transient (`isTransient`), lost connections and the reason of an aborted signal; nothing is changed
 * then.
 */
export async function* transferWindow(
  order: WindowOrder,
  signal: AbortSignal,
  rules: Rules = soundRules,
): AsyncGenerator<WindowProgress, WindowResult> {
  const source = await order.source.take(signal);
  const destination = await order.destination.take(signal);
  try {
    const { tables, findings } = openTables(order, await nativesOf(destination, signal));
    const work = await tablesWithWork(source, destination, tables, order, signal);
    if (work.length === 0) return { ...nothing, findings };
    const staged: (StagedTable & { readonly rows: number })[] = [];
    for (const each of work) {
      const table = await stageTable(source, destination, each, order, rules, signal);
      staged.push(table);
      yield { table: table.shape.name, done: table.rows, total: table.rows };
    }
    const result = await applyStaged(destination, staged, order, rules, signal);
    await dropStaging(destination, order.sourceId, signal);
    return { ...result, findings: [...findings, ...result.findings] };
  } finally {
    order.source.giveBack(source);
    order.destination.giveBack(destination);
  }
}

const nothing: WindowResult = { total: 0, ok: 0, parked: 0, findings: [], held: [], hasMoved: false };

type Work = { readonly table: OpenTable; readonly reading: Reading; readonly retries: Retries };

function openTables(
  { tables }: WindowOrder,
  natives: Natives,
): { readonly tables: readonly OpenTable[]; readonly findings: readonly Finding[] } {
  const opened = tables.map((table) => openTable(table, natives));
  return {
    tables: opened.filter((each) => 'columns' in each),
    findings: opened.filter((each) => 'code' in each),
  };
}

/** Tables to be taken whole, with changes in their windows, or with parked rows to be tried again. */
async function tablesWithWork(
  source: DriverSession,
  destination: DriverSession,
  tables: readonly OpenTable[],
  order: WindowOrder,
  signal: AbortSignal,
): Promise<readonly Work[]> {
  const retries = await readRetries(destination, order.sourceId, signal);
  const all = tables.map((table): Work => {
    const again = retries.get(fold(table.to.name)) ?? { ids: [], keys: [] };
    return { table, retries: again, reading: readingOf(table, again, order) };
  });
  const asked = all.flatMap(({ reading }, place) =>
    reading.after === undefined ? [] : [{ place, reading, after: reading.after }],
  );
  const news = asked.length === 0 ? [] : await source.query<{ place: number }>(newsQuery(asked), {}, signal);
  const hasNews = new Set(news.map(({ place }) => place));
  return all.filter(
    ({ reading, retries: { ids } }, place) =>
      reading.after === undefined || hasNews.has(place) || ids.length > 0,
  );
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
    keys: isWhole || retries.keys.length === 0 ? undefined : keysTable(table.from, retries.keys),
  };
}

async function stageTable(
  reader: DriverSession,
  writer: DriverSession,
  { table, reading, retries }: Work,
  order: WindowOrder,
  rules: Rules,
  signal: AbortSignal,
): Promise<StagedTable & { readonly rows: number }> {
  const { columns, anchor, trackingId, schemaHash, opposite, whole, to } = table;
  const staging = stagingTable(order.sourceId, to.name);
  const query = changesQuery(reading, rules);
  const rows = await stageRows({ reader, writer, query, staging, columns }, signal);
  const isWhole = whole !== undefined;
  const staged = { shape: to, columns, staging, anchor, trackingId, schemaHash, opposite, isWhole };
  const result = { ...staged, retried: retries.ids, rows };
  if (!isWhole || order.direction !== 'download') return result;
  const { absent } = only(await writer.query<{ absent: number }>(stageAbsentRows(result), {}, signal));
  return { ...result, rows: rows + absent };
}

/** Applies the window; where it is refused, without the rows or the tables that are to blame. */
async function applyStaged(
  session: DriverSession,
  staged: readonly (StagedTable & { readonly rows: number })[],
  order: WindowOrder,
  rules: Rules,
  signal: AbortSignal,
): Promise<WindowResult> {
  let tables: readonly (ApplyTable & { readonly rows: number })[] = staged.map((table) => ({
    table,
    bad: [],
    rows: table.rows,
  }));
  const failed: Finding[] = [];
  while (tables.length > 0) {
    const applied = await applyWindow(session, tables, order, rules, signal);
    if (applied.outcome === 'done') return resultOf(tables, applied.left, failed);
    const { place, failure } = applied;
    const tried = tables[place];
    if (tried === undefined || isTransient(failure)) throw failure;
    const bad = await badRowsOf(session, tables, place, order, signal);
    if (bad === undefined) failed.push(tableFailed(tried.table.shape.name, failure));
    tables =
      bad === undefined
        ? tables.toSpliced(place, 1)
        : tables.with(place, { ...tried, bad: [...tried.bad, ...bad] });
  }
  return { ...nothing, findings: failed };
}

function resultOf(
  tables: readonly (ApplyTable & { readonly rows: number })[],
  left: readonly LeftRows[],
  failed: readonly Finding[],
): WindowResult {
  const sum = (counted: readonly { readonly rows: number }[]) =>
    counted.reduce((total, { rows }) => total + rows, 0);
  const held = left.filter(({ why }) => why === 'held');
  const parked = sum(left) - sum(held);
  const total = sum(tables) - sum(held);
  const findings = left.flatMap((each) => parkedFinding(each, tables) ?? []);
  return {
    total,
    ok: total - parked,
    parked,
    findings: [...failed, ...findings],
    held: held.flatMap(({ place }) => tables[place]?.table.shape.name ?? []),
    hasMoved: true,
  };
}
