import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { Effect, WizardState } from '../../src/screens/wizard.ts';
import {
  canary,
  failed,
  finished,
  freshWizard,
  keys,
  outcome,
  reviewed,
  samplePlan,
  tested,
  typed,
  wizardOn,
  working,
} from './sample-wizards.ts';

const esc = '\u{1B}';
const down = '\u{1B}[B';
const ctrlC = '\u{3}';
const kinds = (effects: readonly Effect[]) => effects.map((effect) => effect.kind);

describe('going through the questions', () => {
  it('begins by looking for servers of this computer', () => {
    expect(kinds(outcome(freshWizard(), { kind: 'open' }).effects)).toEqual(['find-servers']);
  });

  it('goes on with Enter and back with Esc, and keeps every answer', () => {
    const there = typed(wizardOn('identification'), '\t\r');
    expect(there.page).toBe('access');
    const back = typed(there, esc);
    expect(back.page).toBe('identification');
    expect(back.draft['identification.storeId']).toBe('HOUSTON');
  });

  it('keeps keys that are typed ahead, however many come at once', () => {
    const state = typed(freshWizard(), '\rSRV01\t\t\tsetup\tgeheim\rHOUSTON\tusrt\r\r\r');
    expect(state.page).toBe('review');
    expect(state.draft).toMatchObject({
      'storeDatabase.server': 'SRV01',
      'storeDatabase.auth.user': 'setup',
    });
  });

  it('stays where something is missing, says what, and puts the cursor there', () => {
    const state = typed(wizardOn('store-database'), '\t\t\t\u{15}\r');
    expect(state.page).toBe('store-database');
    expect(state.focus).toBe('storeDatabase.auth.user');
    expect(state.problems.map((problem) => problem.key)).toEqual(['storeDatabase.auth.user']);
    expect(typed(state, 's').problems).toEqual([]);
  });

  it('asks for a password to be typed, not for a reference as in a file', () => {
    const state = typed({ ...wizardOn('store-database'), focus: 'storeDatabase.auth.password' }, '\u{15}\r');
    expect(state.problems).toEqual([
      { key: 'storeDatabase.auth.password', message: 'Password is missing: type it.' },
    ]);
  });

  it('begins a new password where one is typed over, and mends the one that is being edited', () => {
    const key = 'storeDatabase.auth.password';
    const text = (state: WizardState) => (state.draft[key] as Secret).reveal();
    const wrong = typed({ ...wizardOn('store-database'), focus: key }, 'wrong');
    expect(text(typed(wrong, '!'))).toBe('wrong!');
    const back = typed(wrong, '\t\u{1B}[Z');
    expect(back.focus).toBe(key);
    expect(text(typed(back, 'right'))).toBe('right');
    expect(text(typed(back, '\u{7F}!'))).toBe('wron!');
    expect(text(typed(back, '\u{1B}[F!'))).toBe('wrong!');
    // A text that is seen is edited as it stands.
    expect(typed(wizardOn('store-database'), 'X').draft['storeDatabase.server']).toBe('SRV01\\RETAILX');
  });

  it('asks for the domain only where a Windows account is chosen', () => {
    const onSignIn = { ...wizardOn('store-database'), focus: 'storeDatabase.auth.kind' };
    const state = typed(onSignIn, '\u{1B}[C\t');
    expect(state.focus).toBe('storeDatabase.auth.domain');
  });

  it('saves the answers at each page, so that a lost link costs one page at most', () => {
    const { effects } = outcome(freshWizard(), ...keys('\rSRV01\t\t\tsetup\tgeheim\r'));
    expect(effects).toMatchObject([
      { kind: 'save-draft', step: 'store-database' },
      { kind: 'save-draft', step: 'identification', draft: { 'storeDatabase.server': 'SRV01' } },
    ]);
  });

  it('takes up the answers of a wizard that was cut off', () => {
    const saved = {
      savedAt: new Date(),
      step: 'store-database',
      values: { 'identification.storeId': 'HOUSTON' },
    } as const;
    const state = outcome(freshWizard(), { kind: 'saved-found', saved }, ...keys('c')).state;
    expect(state.page).toBe('store-database');
    expect(state.draft['identification.storeId']).toBe('HOUSTON');
  });

  it('offers the answers of the last finished run, but not over what was typed while they were read', () => {
    const values = { 'storeDatabase.server': 'SRV01', 'identification.storeId': 'HOUSTON' };
    const found = { kind: 'last-answers-found', values } as const;
    expect(outcome(freshWizard(), found).state.draft).toMatchObject({
      task: 'store-database',
      'storeDatabase.server': 'SRV01',
      'storeDatabase.name': 'AXRETAILPOS',
      'identification.storeId': 'HOUSTON',
    });
    const typed = outcome(freshWizard(), ...keys('\rSRV02'), found).state;
    expect(typed.draft).toMatchObject({
      'storeDatabase.server': 'SRV02',
      'identification.storeId': 'HOUSTON',
    });
  });

  it('asks for the password again before the review, because it was not kept', () => {
    const values = { 'storeDatabase.server': 'SRV01', 'storeDatabase.auth.user': 'setup' };
    const saved = { savedAt: new Date(), step: 'options', values } as const;
    const state = outcome(freshWizard(), { kind: 'saved-found', saved }, ...keys('c\r')).state;
    expect(state.page).toBe('store-database');
    expect(state.focus).toBe('storeDatabase.auth.password');
    expect(state.problems).toHaveLength(1);
  });

  it('proposes a server of this computer, and lets another one be taken with the arrows and Enter', () => {
    const servers = ['.\\SQLEXPRESS', '.'];
    const state = outcome(typed(freshWizard(), '\r\r'), { kind: 'servers-found', servers }).state;
    expect(state.draft['storeDatabase.server']).toBe('.\\SQLEXPRESS');
    const taken = typed(state, `${down}\r`);
    expect(taken.draft['storeDatabase.server']).toBe('.');
    expect(taken.focus).toBe('storeDatabase.name');
  });

  it('leaves a server alone that was typed already', () => {
    const state = outcome(wizardOn('store-database'), { kind: 'servers-found', servers: ['.'] }).state;
    expect(state.draft['storeDatabase.server']).toBe('SRV01\\RETAIL');
  });

  it('opens help with ? only where ? is no text', () => {
    expect(typed(wizardOn('store-database'), '?').draft['storeDatabase.server']).toBe('SRV01\\RETAIL?');
    expect(typed(wizardOn('options'), '?').overlay?.kind).toBe('help');
    expect(typed(wizardOn('store-database'), '\u{1B}OP').overlay?.kind).toBe('help');
  });
});

describe('the practice server', () => {
  const ready = {
    kind: 'practice-ready',
    server: '127.0.0.1,5000',
    user: 'sa',
    password: new Secret(canary),
  } as const;

  it('lets Enter alone get through to the review', () => {
    const state = typed(outcome(freshWizard({ isPractice: true }), ready).state, '\r\r\r\r\r');
    expect(state.page).toBe('review');
  });

  it('holds the keys that come before it is there, and loses none', () => {
    const waiting = typed(freshWizard({ isPractice: true }), '\r\r\r\r\r');
    expect(waiting.page).toBe('store-database');
    expect(outcome(waiting, ready).state.page).toBe('review');
  });
});

describe('the connection test', () => {
  it('is stopped and forgotten when an answer of it changes', () => {
    const begun = typed({ ...wizardOn('store-database'), focus: 'test-connection' }, '\r');
    const changed = outcome({ ...begun, focus: 'storeDatabase.server' }, ...keys('2'));
    expect(changed.effects).toEqual([{ kind: 'stop-probe' }]);
    expect(changed.state.probe).toBeUndefined();
  });

  it('shows one line for each layer', () => {
    expect(tested().probe?.lines.map((line) => `${line.label} ${line.status}`)).toEqual([
      'Name found ok',
      'Port ok',
      'Encryption failed',
    ]);
  });

  it('ignores what an earlier test still reports', () => {
    const state = tested();
    const event = { layer: 'name', label: 'Name found', status: 'ok', message: 'late' } as const;
    expect(outcome(state, { kind: 'probe-event', id: 0, event }).state.probe).toEqual(state.probe);
  });

  it('offers T for an unknown certificate, and tests again when it is kept', () => {
    const trusted = outcome(tested(), ...keys('t'));
    expect(trusted.effects).toEqual([
      {
        kind: 'keep-certificate',
        certificate: { serverKey: 'srv01:49172', fingerprint: '4F:19:AA:03:55:66' },
      },
    ]);
    expect(kinds(outcome(trusted.state, { kind: 'certificate-kept' }).effects)).toEqual(['start-probe']);
  });

  it('goes on with Enter when it has ended, and repeats with R', () => {
    expect(typed(tested(), '\r').page).toBe('identification');
    expect(kinds(outcome(tested(), ...keys('r')).effects)).toEqual(['start-probe']);
  });
});

describe('the review', () => {
  it('asks for a plan when it is entered and starts nothing before there is one', () => {
    const { state, effects } = outcome(wizardOn('options'), ...keys('\r\r'));
    expect(kinds(effects)).toEqual(['save-draft', 'make-plan']);
    expect(state.page).toBe('review');
  });

  it('starts with the fingerprint of the plan that was shown', () => {
    const { state, effects } = outcome(reviewed(), ...keys('\r'));
    expect(effects).toMatchObject([{ kind: 'start-run', fingerprint: 'f00d' }]);
    expect(state.page).toBe('progress');
  });

  it('drops a plan that comes after its page was left', () => {
    const left = typed(typed(wizardOn('options'), '\r'), esc);
    const plan = samplePlan();
    expect(outcome(left, { kind: 'plan-made', id: 1, plan, sql: [] }).state.planning).toBeUndefined();
  });

  it('leads to the answer that is to be changed', () => {
    expect(typed(reviewed(), `e${down}${down}\r`).page).toBe('identification');
  });

  it('writes the answers and says where', () => {
    expect(kinds(outcome(reviewed(), ...keys('w')).effects)).toEqual(['write-answers']);
    const state = outcome(reviewed(), { kind: 'answers-written', path: 'answers.yaml' }).state;
    expect(state.message).toBe('Written: answers.yaml');
  });

  it('scrolls a long text and not beyond its ends', () => {
    const sql = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const base = reviewed();
    const long = { ...base, planning: { status: 'made', plan: samplePlan(), sql } as const };
    const shown = typed(long, `s${'\u{1B}[6~'.repeat(20)}`);
    expect(shown.overlay).toMatchObject({ kind: 'text', scroll: 100 - 16 });
    expect(typed(shown, '\u{1B}[A').overlay).toMatchObject({ scroll: 100 - 17 });
    expect(typed(shown, '\u{1B}[5~'.repeat(20)).overlay).toMatchObject({ scroll: 0 });
  });
});

describe('the work', () => {
  it('has no way back', () => {
    expect(typed(working(), esc).page).toBe('progress');
  });

  it('is asked to stop safely, after a question, and ended at once only when it is stopping already', () => {
    expect(kinds(outcome(working(), ...keys(`${ctrlC}\r`)).effects)).toEqual([]);
    const stopping = outcome(working(), ...keys(`${ctrlC}${down}\r`));
    expect(kinds(stopping.effects)).toEqual(['cancel-run']);
    expect(kinds(outcome(stopping.state, ...keys(ctrlC)).effects)).toEqual(['end-now']);
  });

  it('stops safely when the link is lost', () => {
    expect(kinds(outcome(working(), { kind: 'stop' }).effects)).toEqual(['cancel-run']);
  });

  it('forgets the saved answers when everything is done, and leaves with its exit code', () => {
    const done = outcome(working(), {
      kind: 'run-ended',
      end: { exit: 'done', log: 'log', command: 'storedb apply answers.yaml' },
    });
    expect(kinds(done.effects)).toEqual(['keep-as-defaults']);
    expect(outcome(done.state, ...keys('\r')).effects).toEqual([{ kind: 'exit', exit: 'done' }]);
  });

  it('can be tried again after a failure, with a new plan', () => {
    const again = outcome(failed(), ...keys('r'));
    expect(again.state.page).toBe('review');
    expect(kinds(again.effects)).toEqual(['make-plan']);
    expect(outcome(finished(), ...keys('r')).effects).toEqual([]);
  });
});

describe('leaving', () => {
  it('asks first; Enter alone stays', () => {
    expect(outcome(wizardOn('options'), ...keys(`${ctrlC}\r`)).effects).toEqual([]);
  });

  it.each([
    ['the second Ctrl+C', ctrlC + ctrlC],
    ['the other choice', `${ctrlC}${down}\r`],
  ])('leaves with %s before anything was changed', (_how, text) => {
    expect(outcome(wizardOn('options'), ...keys(text)).effects).toEqual([
      { kind: 'exit', exit: 'cancelledBefore' },
    ]);
  });

  it.each([
    ['the T-SQL', 's'],
    ['a verification', 'v'],
    ['help', '?'],
    ['the list of answers', 'e'],
  ])('leads back to what the question lay over: %s', (_what, key) => {
    const shown = typed(reviewed(), key);
    const asked = typed(shown, ctrlC);
    expect(asked.overlay?.kind).toBe('quit');
    expect(typed(asked, '\r').overlay).toEqual(shown.overlay);
    expect(typed(asked, esc).overlay).toEqual(shown.overlay);
  });

  it('takes up nothing more', () => {
    const left = typed(wizardOn('options'), ctrlC + ctrlC);
    expect(outcome(left, ...keys('\r'), { kind: 'tick' })).toEqual({ state: left, effects: [] });
  });
});
