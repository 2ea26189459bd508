import { describe, expect, it } from 'vitest';
import { cycleLines, loopLines, scopeLines } from '../../../src/cli/sync/lines.ts';
import type { RowCounts, ScopeResult, SyncEvent } from '../../../src/core/sync/events.ts';

const none: RowCounts = { total: 0, ok: 0, parked: 0 };
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 14, 26, seconds));
const finding = { code: 'parked', message: '1 row is parked.', hint: 'Look at it.' };

const scope = (more: Partial<ScopeResult> = {}): ScopeResult => ({
  scope: 'Prices and discounts',
  direction: 'download',
  outcome: 'done',
  downloaded: none,
  uploaded: none,
  startedUtc: at(0),
  finishedUtc: at(3),
  findings: [],
  ...more,
});

const finished = (more: Partial<Extract<SyncEvent, { kind: 'cycle-finished' }>> = {}): SyncEvent => ({
  kind: 'cycle-finished',
  runId: 'r',
  outcome: 'done',
  scopes: [],
  findings: [],
  took: 4000,
  ...more,
});

describe('the lines of one cycle', () => {
  it('name every scope with what went which way, and why rows were parked', () => {
    expect(scopeLines(scope({ downloaded: { total: 312_450, ok: 312_450, parked: 0 } }))).toEqual([
      '  ok       Prices and discounts                  down  312,450 rows  (3 s)',
    ]);
    const both = scope({
      direction: 'bidirectional',
      outcome: 'partly',
      downloaded: { total: 1, ok: 1, parked: 0 },
      uploaded: { total: 3, ok: 2, parked: 1 },
      findings: [finding],
    });
    expect(scopeLines(both)).toEqual([
      '  warning  Prices and discounts                  both  1 down, 2 up, 1 parked  (3 s)',
      '           1 row is parked.',
      '           Next: Look at it.',
    ]);
  });

  it('tell of rows on their way at most once a second', () => {
    let now = 0;
    const lines = cycleLines(() => now);
    const moved = (done: number): SyncEvent => ({
      kind: 'rows-moved',
      scope: 'Products',
      table: 'INVENTTABLE',
      towards: 'offline',
      done,
      total: 3000,
    });
    lines({ kind: 'scope-started', scope: 'Products', direction: 'download' });
    now = 900;
    expect(lines(moved(100))).toEqual([]);
    now = 1100;
    expect(lines(moved(200))).toEqual(['  working  Products: INVENTTABLE, 200 of 3,000 rows']);
    now = 1500;
    expect(lines(moved(300))).toEqual([]);
  });

  it('end with what it comes to, or why it did not begin', () => {
    const scopes = [
      scope({ downloaded: { total: 5, ok: 5, parked: 0 } }),
      scope({ direction: 'upload', uploaded: { total: 3, ok: 2, parked: 1 } }),
    ];
    const lines = cycleLines(() => 0);
    expect(lines(finished({ outcome: 'partly', scopes }))).toEqual([
      'Synchronised in part: 5 rows down, 2 up, 1 parked.  (4 s)',
    ]);
    expect(lines(finished({ outcome: 'busy', findings: [finding] }))).toEqual([
      '           1 row is parked.',
      '           Next: Look at it.',
      'Not begun: another run is at work.',
    ]);
  });
});

describe('the lines of a synchronisation that goes on', () => {
  const lines = () => loopLines(() => '14:26:02');
  const ofScope = (result: ScopeResult): SyncEvent => ({ kind: 'scope-finished', ...result });

  it('keep quiet about cycles in which nothing happens', () => {
    const tell = lines();
    const told = [
      ofScope(scope()),
      finished(),
      { kind: 'waiting', milliseconds: 5000, why: 'idle' } as const,
    ];
    expect(told.flatMap(tell)).toEqual([]);
  });

  it('tell of rows that moved, with the time of day', () => {
    expect(lines()(ofScope(scope({ downloaded: { total: 2, ok: 2, parked: 0 } })))).toEqual([
      '14:26:02  ok       Prices and discounts                  down  2 rows  (3 s)',
    ]);
  });

  it('tell of trouble once, until it is over', () => {
    const tell = lines();
    const away: SyncEvent = finished({ outcome: 'unreachable', findings: [finding] });
    const waiting = { kind: 'waiting', milliseconds: 5000, why: 'back-off' } as const;
    const begun: SyncEvent = { kind: 'cycle-started', runId: 'r', atUtc: at(0) };
    expect([begun, away, waiting].flatMap(tell)).toEqual([
      '           1 row is parked.',
      '           Next: Look at it.',
      '14:26:02  Trying again in 5 s, and from then on until it works.',
    ]);
    expect([begun, away, waiting].flatMap(tell)).toEqual([]);
    expect([begun, finished()].flatMap(tell)).toEqual(['14:26:02  The synchronisation is in order again.']);
    expect([begun, finished()].flatMap(tell)).toEqual([]);
    // Of the next trouble everything is told again.
    expect([begun, away, waiting].flatMap(tell)).toHaveLength(3);
  });
});
