import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { Identities } from '../../src/screens/state/step.ts';
import type { WizardState } from '../../src/screens/wizard.ts';
import { finished, freshWizard, keys, outcome, small, typed, wizardOn } from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

const identities: Identities = {
  stores: ['HOUSTON'],
  registers: [
    { id: 'HOUSTON-1', machine: 'POS-07', isHere: false },
    { id: 'HOUSTON-2', isHere: false },
    { id: 'HOUSTON-3', isHere: false },
  ],
  companies: ['usrt'],
};

/** A register whose store database is answered, about to be identified. */
function identifying(options: Parameters<typeof freshWizard>[0] = {}): WizardState {
  const store = wizardOn('store-database', options);
  const draft = { ...store.draft, task: 'offline-database' };
  const blanks = { 'identification.storeId': '', 'identification.dataAreaId': '' };
  return typed({ ...store, draft: { ...draft, ...blanks } }, '\r');
}

const found = (state: WizardState) => {
  const id = state.identities?.status === 'asking' ? state.identities.id : 0;
  return outcome(state, { kind: 'identities-found', id, identities });
};

describe('the IDs of a register', () => {
  it('are asked of the store database, and what there is only one of stands in its field', () => {
    const { draft } = found(identifying()).state;
    expect(draft['identification.storeId']).toBe('HOUSTON');
    expect(draft['identification.dataAreaId']).toBe('usrt');
    // Which of several registers this is nobody can guess.
    expect(draft['identification.registerId']).toBeUndefined();
  });

  it('never take the place of what was typed meanwhile', () => {
    const { draft } = found(typed(identifying(), 'AUSTIN')).state;
    expect(draft['identification.storeId']).toBe('AUSTIN');
  });

  it('are offered under the field and taken with Enter', () => {
    const onRegister = typed(found(identifying()).state, '\t');
    const taken = typed(onRegister, '\t\t\r');
    expect(taken.draft['identification.registerId']).toBe('HOUSTON-2');
  });

  it('can be typed where the store database cannot be asked, which is said', () => {
    const state = identifying();
    const id = state.identities?.status === 'asking' ? state.identities.id : 0;
    const failure = { message: 'SRV01 does not answer.', hint: 'Check the cable.' };
    const left = outcome(state, { kind: 'identities-unknown', id, failure }).state;
    expect(left.message).toContain('SRV01 does not answer.');
    expect(typed(left, 'HOUSTON').draft['identification.storeId']).toBe('HOUSTON');
  });

  it('are not asked for a store database, which may not be there yet', () => {
    const { effects } = outcome(wizardOn('store-database'), ...keys('\r'));
    expect(effects.map(({ kind }) => kind)).not.toContain('find-identities');
  });

  it('say where a register is set up already, at 60x20', async () => {
    const onRegister = { ...found(identifying({ size: small })).state, focus: 'identification.registerId' };
    const text = await screenText(typed(onRegister, 'HOUSTON-1'));
    expect(text).toMatchInlineSnapshot(`
      " storedb 1.0.0
       Step 3 of 9  Identification
       ──────────────────────────────────────────────────────────
         Store ID      HOUSTON
       > Register ID   HOUSTON-1_______________________________
                       Set up on POS-07. For this computer to
                       take its place, switch on "Replace the
                       register" among the options.
                       HOUSTON-2  in the store database
                       HOUSTON-3  in the store database
         Data area ID  usrt





       ──────────────────────────────────────────────────────────
       Different for each register of the store, up to 10 charac~
       Enter go on   Esc back   Tab next   F1 help   Ctrl+C quit"
    `);
  });
});

describe('after a store database', () => {
  it('Enter leads on in practice, and ends the wizard otherwise', () => {
    const done = finished();
    expect(outcome(done, ...keys('\r')).effects).toEqual([{ kind: 'exit', exit: 'done' }]);
    const inPractice = typed({ ...done, practice: { status: 'ready' } }, '\r');
    expect(inPractice.page).toBe('identification');
    expect(inPractice.draft).toMatchObject({
      task: 'offline-database',
      'storeDatabase.server': 'SRV01\\RETAIL',
    });
    expect(inPractice.draft['storeDatabase.auth.password']).toBeInstanceOf(Secret);
  });

  it('N sets up a register of it', () => {
    expect(typed(finished(), 'n').page).toBe('identification');
  });
});

describe('the check of an existing set-up', () => {
  const checking = () => typed({ ...wizardOn('options'), purpose: 'check' }, '\r');
  const verified = {
    kind: 'verified',
    exit: 'verifyFoundProblems',
    ok: 1,
    warnings: 0,
    failed: 1,
    isPracticeServer: false,
  } as const;
  const seen = () => {
    const state = checking();
    const id = state.verification?.id ?? 0;
    return outcome(
      state,
      {
        kind: 'verify-event',
        id,
        event: {
          kind: 'check',
          id: 'store:database',
          group: 'store',
          status: 'ok',
          message: 'The store database is whole',
        },
      },
      {
        kind: 'verify-event',
        id,
        event: {
          kind: 'check',
          id: 'store:tracking',
          group: 'store',
          status: 'failed',
          message: 'The trigger of RETAILTRANSACTIONTABLE is missing',
          hint: 'Run storedb apply again.',
        },
      },
      { kind: 'verify-event', id, event: verified },
    ).state;
  };

  it('begins with V on the first page and asks the same questions', () => {
    const state = typed(freshWizard(), 'v');
    expect(state).toMatchObject({ page: 'store-database', purpose: 'check' });
  });

  it('makes no plan', () => {
    const { effects } = outcome({ ...wizardOn('options'), purpose: 'check' }, ...keys('\r'));
    expect(effects.map(({ kind }) => kind)).toContain('start-verify');
    expect(effects.map(({ kind }) => kind)).not.toContain('make-plan');
  });

  it('ends with what it found', () => {
    expect(outcome(seen(), ...keys('\r')).effects).toEqual([{ kind: 'exit', exit: 'verifyFoundProblems' }]);
  });

  it('goes back to the questions with Esc', () => {
    expect(typed(seen(), '\u{1B}')).toMatchObject({ page: 'options', overlay: undefined });
  });

  it.each([
    ['80x24', {}],
    ['60x20', { size: small }],
  ])('shows the verdict first and what to do under each line, at %s', async (name, options) => {
    const size = { ...seen(), ...options };
    const text = await screenText(size);
    if (name === '80x24')
      expect(text).toMatchInlineSnapshot(`
      " storedb 1.0.0
       Step 6 of 6  Verification
       ──────────────────────────────────────────────────────────────────────────────
         This set-up has problems: 1 ok, 0 warnings, 1 failed.

         ok       The store database is whole
         failed   The trigger of RETAILTRANSACTIONTABLE is missing
                  Next: Run storedb apply again.











       ──────────────────────────────────────────────────────────────────────────────


       Enter finish   Esc close   R again   Up/Down scroll   Ctrl+C quit"
    `);
    else
      expect(text).toMatchInlineSnapshot(`
      " storedb 1.0.0
       Step 6 of 6  Verification
       ──────────────────────────────────────────────────────────
         This set-up has problems: 1 ok, 0 warnings, 1 failed.

         ok       The store database is whole
         failed   The trigger of RETAILTRANSACTIONTABLE is
                  missing
                  Next: Run storedb apply again.







       ──────────────────────────────────────────────────────────

       Enter finish   Esc close   R again   Up/Down scroll"
    `);
  });
});
