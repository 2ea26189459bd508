import type { CycleResult } from '../../../../src/core/sync/events.ts';
import type { Parked } from './conflicts.ts';
import type { AnchorState } from './record.ts';
import type { Rows } from './rows.ts';
import { between, tables } from './small-shop.ts';
import { demand } from './violation.ts';

/** What a cycle says about itself has to add up. */
export function checkResult(
  result: CycleResult,
  { isDisturbed, isCalm }: { readonly isDisturbed: boolean; readonly isCalm: boolean },
): void {
  for (const scope of result.scopes) {
    for (const counts of [scope.downloaded, scope.uploaded]) {
      demand(counts.total === counts.ok + counts.parked, 'total = ok + parked', () => JSON.stringify(scope));
      demand(counts.parked === 0 || !isCalm, 'nothing is parked without reason', () => JSON.stringify(scope));
    }
    demand(scope.outcome === 'done' || scope.findings.length > 0, 'what is not done is explained', () =>
      JSON.stringify(scope),
    );
  }
  const names = result.scopes.map(({ scope }) => scope);
  demand(new Set(names).size === names.length, 'each scope once', () => names.join(', '));
  if (result.outcome === 'done')
    demand(names.length === 3, 'a cycle that is done did all scopes', () => names.join(', '));
  if (!isDisturbed)
    demand(
      result.outcome === 'done' || result.findings.length + result.scopes.length > 0,
      'what is not done is explained',
      () => JSON.stringify(result),
    );
}

/** Header and lines of a sale arrive together, whatever happens. */
export function checkTogether(store: Rows, parked: readonly Parked[]): void {
  const linesAt = tables.SALE.rest.indexOf('LINES');
  for (const [key, row] of store.SALE) {
    const expected = Number(row.split(between)[linesAt]?.slice(1, -1));
    const found = [...store.SALELINE.keys()].filter((line) => line.startsWith(`${key}/`)).length;
    demand(
      found >= expected || parked.some((each) => each.key.startsWith(key)),
      'a window is there as a whole or not at all',
      () => `SALE ${key} was sold with ${expected} lines, and the store has ${found}`,
    );
  }
  for (const line of store.SALELINE.keys()) {
    const key = line.slice(0, line.lastIndexOf('/'));
    demand(
      store.SALE.has(key) || parked.some((each) => each.table === 'SALE' && each.key === key),
      'a window is there as a whole or not at all',
      () => `SALELINE ${line} is at the store without its SALE`,
    );
  }
}

/** Sales at the store never go, and never change but to what the register has. */
export function checkUntouched(before: Rows, after: Rows, register: Rows): void {
  for (const table of ['SALE', 'SALELINE'] as const)
    for (const [key, row] of before[table]) {
      const now = after[table].get(key);
      demand(
        now === row || (now !== undefined && now === register[table].get(key)),
        'a cycle takes nothing away from the store',
        () =>
          `${table} ${key} said ${row} and now ${now ?? 'is gone'}; the register has ${register[table].get(key) ?? 'no such row'}`,
      );
    }
}

export function checkSteadyAnchors(name: string, before: AnchorState | undefined, now: AnchorState): void {
  if (before === undefined || before.epoch !== now.epoch) return;
  if (before.state !== 'incremental' || now.state !== 'incremental') return;
  demand(
    now.timestamp >= before.timestamp,
    'anchors only go forward',
    () => `${name} stood at ${before.timestamp} and stands at ${now.timestamp}`,
  );
}
