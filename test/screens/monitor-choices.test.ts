import { expect, it } from 'vitest';
import { sampleDetail, sampleScopes, sampleStatus, watching, withParked } from './sample-monitors.ts';
import { keys, outcome, typed } from './sample-wizards.ts';

const up = '\u{1B}[A';
const down = '\u{1B}[B';
const esc = '\u{1B}';

it('goes round at the ends of the scopes and of the parked rows', () => {
  const scopes = watching();
  expect(typed(scopes, up).monitor?.choice).toBe(sampleScopes.length - 1);
  expect(typed(scopes, down.repeat(sampleScopes.length)).monitor?.choice).toBe(0);
  const parked = withParked(watching());
  expect(typed(parked, up).monitor?.parked?.choice).toBe(1);
  expect(typed(parked, down.repeat(2)).monitor?.parked?.choice).toBe(0);
});

it('keeps the attention on a scope that is there when there are fewer', () => {
  const last = typed(watching(), up);
  const status = sampleStatus({ scopes: sampleScopes.slice(0, 2) });
  expect(outcome(last, { kind: 'status-read', id: 1, status }).state.monitor?.choice).toBe(1);
  const none = sampleStatus({ scopes: [] });
  expect(outcome(last, { kind: 'status-read', id: 1, status: none }).state.monitor?.choice).toBe(0);
});

it('keeps the attention on a parked row that is there when one was settled', () => {
  const second = typed(withParked(watching()), down);
  const rows = second.monitor?.parked?.rows?.slice(0, 1) ?? [];
  expect(outcome(second, { kind: 'parked-listed', id: 1, rows }).state.monitor?.parked?.choice).toBe(0);
  const none = outcome(second, { kind: 'parked-listed', id: 1, rows: [] }).state;
  expect(none.monitor?.parked?.choice).toBe(0);
});

it('shows a parked row from its beginning, and the list behind it from the beginning too', () => {
  const scrolled = { ...withParked(watching()), scroll: 3 };
  const shown = outcome(scrolled, { kind: 'parked-shown', id: 1, detail: sampleDetail() }).state;
  expect(shown.scroll).toBe(0);
  expect(typed({ ...shown, scroll: 3 }, esc).scroll).toBe(0);
});

it('closes the question with either answer', () => {
  const parked = withParked(watching());
  for (const answer of ['a\r', `a${down}\r`])
    expect(outcome(parked, ...keys(answer)).state.monitor?.parked?.question).toBe(undefined);
});

it('asks for no list and says nothing when a row of an earlier watch is settled', () => {
  const parked = withParked(watching());
  const late = outcome(parked, { kind: 'parked-settled', id: 99, message: 'The next run tries R3 again.' });
  expect(late).toMatchObject({ effects: [], state: { message: undefined } });
});
