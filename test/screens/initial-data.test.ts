import { describe, expect, it } from 'vitest';
import type { Action, WizardState } from '../../src/screens/wizard.ts';
import { keys, large, outcome, small, typed, wizardOn } from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

const failure = {
  message: 'The store database AXRETAILPOS does not have its initial data yet.',
  hint: 'Ask head office to run these jobs.',
  needsData: true,
};
const jobs = [
  { name: 'N-1000 Currency', verdict: 'filled', rows: 12_345, empty: [] },
  { name: 'N-1010 Customer', verdict: 'empty', rows: 0, empty: ['CUSTTABLE'] },
  { name: 'N-1050 Loyalty', verdict: 'not-used', rows: 0, empty: ['RETAILLOYALTYSCHEMESTABLE'] },
  { name: 'the A jobs of staff', verdict: 'empty', rows: 0, empty: ['RETAILSTAFFTABLE'] },
] as const;
const packs = [
  { path: 'E:\\houston.zip', words: '3,541 rows, made 2012-08-01' },
  { path: 'E:\\older', words: '3,500 rows, made 2012-07-01' },
];

/** A plan that failed because the store database is empty: the wizard waits. */
function waiting(size = large): WizardState {
  const asked = outcome(wizardOn('options', { size }), ...keys('\r'));
  const plan = asked.effects.find((effect) => effect.kind === 'make-plan');
  const { state } = outcome(asked.state, { kind: 'plan-failed', id: plan?.id ?? -1, failure });
  return state;
}

const news = (state: WizardState, ...actions: readonly Omit<Action & { id: number }, 'id'>[]): WizardState =>
  outcome(state, ...actions.map((action) => ({ ...action, id: state.arriving?.id ?? -1 }) as Action)).state;

const withPacks = (size = large) =>
  news(
    waiting(size),
    { kind: 'packs-found', packs } as never,
    { kind: 'initial-data-read', jobs, isComplete: false } as never,
  );

describe('the page of the initial data', () => {
  it('says at 80x24 what is missing, which packs are there, and what head office is to be asked for', async () => {
    expect(await screenText(withPacks(large))).toMatchInlineSnapshot(`
      " storedb 1.0.0
       Step 6 of 8  Initial data
       ──────────────────────────────────────────────────────────────────────────────
         working  Waiting for the data of 2 jobs

         On this stick, or in this folder:
       > E:\\houston.zip  3,541 rows, made 2012-08-01
         E:\\older        3,500 rows, made 2012-07-01

         Or ask head office to run, limited to store HOUSTON:
           N-1010 Customer
           the A jobs of staff

         ok       N-1000 Currency: 12,345 rows
         missing  N-1010 Customer: nothing in CUSTTABLE
                  N-1050 Loyalty: none, which is right where the shop does not use it
         missing  the A jobs of staff: nothing in RETAILSTAFFTABLE


       ──────────────────────────────────────────────────────────────────────────────


       Enter load the pack   Tab another pack   Esc leave   Up/Down scroll"
    `);
  });

  it('says it at 60x20', async () => {
    expect(await screenText(withPacks(small))).toMatchInlineSnapshot(`
      " storedb 1.0.0
       Step 6 of 8  Initial data
       ──────────────────────────────────────────────────────────
         working  Waiting for the data of 2 jobs

         On this stick, or in this folder:
       > E:\\houston.zip  3,541 rows, made 2012-08-01
         E:\\older        3,500 rows, made 2012-07-01

         Or ask head office to run, limited to store HOUSTON:
           N-1010 Customer
           the A jobs of staff

         ok       N-1000 Currency: 12,345 rows
         missing  N-1010 Customer: nothing in CUSTTABLE
                  N-1050 Loyalty: none, which is right where the
       ────────────────────────────────────────────── v 3 more ──

       Enter load the pack   Tab another pack   Esc leave"
    `);
  });
});

describe('waiting for the initial data', () => {
  it('begins where the plan finds none, and asks the host to watch', () => {
    const asked = outcome(wizardOn('options'), ...keys('\r'));
    const plan = asked.effects.find((effect) => effect.kind === 'make-plan');
    const { state, effects } = outcome(asked.state, { kind: 'plan-failed', id: plan?.id ?? -1, failure });
    expect(state.overlay?.kind).toBe('initial-data');
    expect(effects).toMatchObject([{ kind: 'watch-initial-data' }]);
  });

  it('begins below the question of Ctrl+C, which stays until it is answered', () => {
    const asked = outcome(wizardOn('options'), ...keys('\r'));
    const plan = asked.effects.find((effect) => effect.kind === 'make-plan');
    const failed = { kind: 'plan-failed', id: plan?.id ?? -1, failure } as const;
    const { state, effects } = outcome(typed(asked.state, '\u{3}'), failed);
    expect(effects).toMatchObject([{ kind: 'watch-initial-data' }]);
    expect(state.overlay?.kind).toBe('quit');
    expect(typed(state, '\r').overlay?.kind).toBe('initial-data');
  });

  it('loads the pack that is chosen, tells how far it is, and says why it was not loaded', async () => {
    const { effects, state } = outcome(withPacks(), ...keys('\t\r'));
    expect(effects).toMatchObject([{ kind: 'load-pack', path: 'E:\\older' }]);
    const far = news(state, { kind: 'pack-progress', words: '12 of 99 rows read' } as never);
    expect(await screenText(far)).toContain('Loading: 12 of 99 rows read');
    // A second Enter begins no second load.
    expect(outcome(far, ...keys('\r')).effects).toEqual([]);
    const refused = news(far, {
      kind: 'pack-loaded',
      failure: { message: 'tables/X.csv: cut off', hint: 'Copy it again.' },
    } as never);
    const text = await screenText(refused);
    expect(text).toContain('tables/X.csv: cut off');
    expect(text).toContain('Enter load the pack');
  });

  it('does not say that nothing has been changed while a pack is loaded, nor afterwards', async () => {
    const loading = typed(withPacks(small), '\r\u{3}');
    expect(await screenText(loading)).toContain('Leave while the pack is loaded?');
    const left = outcome(loading, ...keys('\u{3}'));
    expect(left.effects).toEqual([{ kind: 'exit', exit: 'cancelledDuring' }]);
    const loaded = news(typed(loading, '\r'), { kind: 'pack-loaded' } as never);
    expect(await screenText(typed(loaded, '\u{3}'))).toContain('What was done stays done.');
    expect(await screenText(typed(withPacks(), '\u{3}'))).toContain('Nothing has been changed.');
  });

  it('ends when everything has come: Enter makes the plan', async () => {
    const state = news(withPacks(), {
      kind: 'initial-data-read',
      jobs: [jobs[0]],
      isComplete: true,
    } as never);
    expect(await screenText(state)).toContain('The initial data is complete.');
    const { effects, state: left } = outcome(state, ...keys('\r'));
    expect(effects.map(({ kind }) => kind)).toEqual(['stop-watching', 'make-plan']);
    expect(left.overlay).toBeUndefined();
  });

  it('may be left and come back to; news of the one that was left are dropped', () => {
    const waited = withPacks();
    const { state: left, effects } = outcome(waited, ...keys('\u001b'));
    expect(effects).toEqual([{ kind: 'stop-watching' }]);
    const late = {
      kind: 'initial-data-read',
      id: waited.arriving?.id ?? -1,
      jobs,
      isComplete: true,
    } as const;
    expect(outcome(left, late).state.arriving).toBeUndefined();
    expect(typed(left, 'd').overlay?.kind).toBe('initial-data');
  });

  it('shows a look that failed and goes on', async () => {
    const state = news(withPacks(), {
      kind: 'initial-data-unread',
      failure: { message: 'The server does not answer.', hint: 'Check the cable.' },
    } as never);
    expect(await screenText(state)).toContain('The server does not answer.');
    const again = news(state, { kind: 'initial-data-read', jobs, isComplete: false } as never);
    expect(await screenText(again)).not.toContain('The server does not answer.');
  });
});
