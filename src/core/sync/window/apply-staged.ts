import type { Finding } from '../../plan/plan.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { Rules } from '../rules.ts';
import { type ApplyTable, applyWindow } from './apply.ts';
import { parkedFinding, tableFailed } from './findings.ts';
import type { WindowOrder, WindowResult } from './order.ts';
import { badRowsOf } from './probe-rows.ts';
import type { Staged } from './stage-table.ts';
import type { LeftRows } from './transaction.ts';
import { isTransient } from './transient.ts';

export const nothingMoved: WindowResult = {
  total: 0,
  ok: 0,
  parked: 0,
  findings: [],
  held: [],
  hasMoved: false,
};

type Tried = ApplyTable & { readonly rows: number };

/** Applies the window; where it is refused, without the rows or the tables that are to blame. */
export async function applyStaged(
  session: DriverSession,
  staged: readonly Staged[],
  order: WindowOrder,
  rules: Rules,
  signal: AbortSignal,
): Promise<WindowResult> {
  let tables: readonly Tried[] = staged.map((each) => ({ ...each, bad: [] }));
  const failed: Finding[] = [];
  while (tables.length > 0) {
    const applied = await applyWindow(session, tables, order, rules, signal);
    if (applied.outcome === 'done') return resultOf(tables, applied.left, failed);
    const { place, failure } = applied;
    const tried = tables[place];
    if (tried === undefined || isTransient(failure)) throw failure;
    const bad = await badRowsOf(session, tables, place, failure, order, signal);
    if (bad === undefined) failed.push(tableFailed(tried.table.shape.name, failure));
    tables =
      bad === undefined
        ? tables.toSpliced(place, 1)
        : tables.with(place, { ...tried, bad: [...tried.bad, ...bad] });
  }
  return { ...nothingMoved, findings: failed };
}

function resultOf(
  tables: readonly Tried[],
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
