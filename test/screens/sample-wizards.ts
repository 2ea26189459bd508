import type { Plan, RunEvent } from '../../src/core/plan/index.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Draft } from '../../src/core/steps/index.ts';
import { initialWizard, type WizardOptions } from '../../src/screens/initial.ts';
import { reduceWizard } from '../../src/screens/reduce.ts';
import { flushKeys, nothingPending, parseKeys } from '../../src/screens/terminal/key-parser.ts';
import type { Action, Effect, Page, WizardState } from '../../src/screens/wizard.ts';

/** A password that must appear nowhere. */
export const canary = 'Pa55-canary';

/** Noon of a day, in the local time that screens show. */
export const noon = new Date(2026, 10, 22, 12, 0, 0).getTime();

export const large = { columns: 80, rows: 24 };
export const small = { columns: 60, rows: 20 };

export function freshWizard(options: Partial<WizardOptions> = {}): WizardState {
  return initialWizard({
    version: '1.0.0',
    size: large,
    glyphs: 'cp437',
    isPractice: false,
    now: noon,
    ...options,
  });
}

const storeAnswers: Draft = {
  'identification.storeId': 'HOUSTON',
  'identification.dataAreaId': 'usrt',
  'storeDatabase.server': 'SRV01\\RETAIL',
  'storeDatabase.auth.user': 'retailsetup',
  'storeDatabase.auth.password': new Secret(canary),
};

/** A wizard with all answers, on this page. */
export function wizardOn(page: Page, options: Partial<WizardOptions> = {}): WizardState {
  const fresh = freshWizard(options);
  const focus = { identification: 'identification.storeId', 'store-database': 'storeDatabase.server' };
  return {
    ...fresh,
    draft: { ...fresh.draft, ...storeAnswers },
    page,
    focus: Object.entries(focus).find(([id]) => id === page)?.[1] ?? 'options.encryption',
  };
}

/** After these actions, and what they asked of the host. */
export function outcome(
  state: WizardState,
  ...actions: readonly Action[]
): { readonly state: WizardState; readonly effects: readonly Effect[] } {
  const effects: Effect[] = [];
  let current = state;
  for (const action of actions) {
    const next = reduceWizard(current, action, current.now);
    effects.push(...next.effects);
    current = next.state;
  }
  return { state: current, effects };
}

/** The keys that a terminal sends for this text. */
export function keys(text: string): readonly Action[] {
  const { keys: whole, pending } = parseKeys(nothingPending, text);
  return [...whole, ...flushKeys(pending).keys].map((key): Action => ({ kind: 'press-key', key }));
}

/** After these keys. */
export function typed(state: WizardState, text: string): WizardState {
  return outcome(state, ...keys(text)).state;
}

const target = { role: 'store', server: 'SRV01\\RETAIL', database: 'AXRETAILPOS' } as const;
const batches = [{ sql: 'SELECT 1;', line: 0 }];

export function samplePlan(count = 4): Plan {
  const scripts = Array.from({ length: count - 2 }, (_, index) => ({
    id: `script:${index}`,
    title: `Run the script 6.2.0.0/0${index + 1}0-tables.sql`,
    risk: 'changes' as const,
  }));
  const list = [
    { id: 'create-database', title: 'Create the database AXRETAILPOS', risk: 'creates' as const },
    ...scripts,
    { id: 'restart', title: 'Let the server take up its new settings', risk: 'needs-restart' as const },
  ];
  return {
    task: 'store-database',
    purpose: 'create',
    target,
    targets: [target],
    facts: [
      { label: 'Server', value: 'SRV01\\RETAIL: SQL Server 2012 Express Edition' },
      { label: 'Database', value: 'AXRETAILPOS will be created' },
      { label: 'Store', value: 'HOUSTON, company usrt' },
    ],
    isPracticeServer: false,
    actions: list.map((each) => ({ ...each, kind: 'run-batches', need: 'necessary', target, batches })),
    warnings: [
      {
        code: 'express-limit',
        message: 'SQL Server Express holds at most 10 GB.',
        hint: 'Keep an eye on its size.',
      },
    ],
    fingerprint: 'f00d',
  };
}

const at = new Date(noon).toISOString();

function runStarted(plan = samplePlan()): RunEvent {
  return { kind: 'run-started', at, runId: 'r', target, isPracticeServer: false, actions: plan.actions };
}

function actionStarted(id: string): RunEvent {
  return { kind: 'action-started', at, id, title: id, index: 1, of: 4 };
}

function actionFinished(id: string, elapsedMs: number, outcome: 'done' | 'skipped' = 'done'): RunEvent {
  return { kind: 'action-finished', at, id, outcome, elapsedMs };
}

/** On the review page with a plan. */
export function reviewed(options: Partial<WizardOptions> = {}, plan = samplePlan()): WizardState {
  const asked = outcome(wizardOn('options', options), ...keys('\r')).state;
  const id = asked.planning?.status === 'making' ? asked.planning.id : 0;
  return outcome(asked, { kind: 'plan-made', id, plan, sql: ['-- 1.', 'SELECT 1;', 'GO'] }).state;
}

/** In the middle of the work, `seconds` after it began. */
export function working(options: Partial<WizardOptions> = {}, seconds = 72): WizardState {
  const begun = outcome(
    reviewed(options),
    ...keys('\r'),
    { kind: 'run-event', event: runStarted() },
    { kind: 'run-event', event: actionStarted('create-database') },
    { kind: 'run-event', event: actionFinished('create-database', 4000) },
    { kind: 'run-event', event: actionStarted('script:0') },
    {
      kind: 'run-event',
      event: { kind: 'action-progress', at, id: 'script:0', done: 61, total: 84, unit: 'batches' },
    },
  ).state;
  return reduceWizard(begun, { kind: 'tick' }, noon + seconds * 1000).state;
}

/** After the work. */
export function finished(options: Partial<WizardOptions> = {}): WizardState {
  return outcome(
    working(options),
    { kind: 'run-event', event: actionFinished('script:0', 11_000) },
    { kind: 'run-event', event: actionFinished('script:1', 0, 'skipped') },
    { kind: 'run-event', event: actionFinished('restart', 500) },
    {
      kind: 'run-event',
      event: {
        kind: 'warning',
        at,
        finding: {
          code: 'clock',
          message: 'The clock of the server is 3 minutes ahead.',
          hint: 'Set it right.',
        },
      },
    },
    {
      kind: 'run-event',
      event: {
        kind: 'run-finished',
        at,
        exit: 'done',
        summary: 'Store database creation was successful.',
        elapsedMs: 160_000,
      },
    },
    {
      kind: 'run-ended',
      end: {
        exit: 'done',
        log: 'E:\\storedb-logs\\2026-11-22_1200_HOUSTON\\summary.txt',
        command: 'storedb apply E:\\storedb-logs\\2026-11-22_1200_HOUSTON\\answers.yaml',
      },
    },
  ).state;
}

/** After a failure in the middle. */
export function failed(options: Partial<WizardOptions> = {}): WizardState {
  const failure = {
    code: 'sql-error',
    message: 'There is no space left on the disk of the server. (1105)',
    hint: 'Make room on drive D: of SRV01, then continue.',
    details: {},
  };
  return outcome(
    working(options),
    {
      kind: 'run-event',
      event: { kind: 'action-finished', at, id: 'script:0', outcome: 'failed', elapsedMs: 52_000 },
    },
    {
      kind: 'run-event',
      event: {
        kind: 'run-finished',
        at,
        exit: 'failedPartWay',
        summary: failure.message,
        elapsedMs: 72_000,
        failure,
      },
    },
    {
      kind: 'run-ended',
      end: {
        exit: 'failedPartWay',
        log: '/var/log/summary.txt',
        command: 'storedb apply /var/log/answers.yaml',
      },
    },
  ).state;
}

/** On the page of the store database, its connection tested up to an unknown certificate. */
export function tested(options: Partial<WizardOptions> = {}): WizardState {
  const begun = typed({ ...wizardOn('store-database', options), focus: 'test-connection' }, '\r');
  const id = begun.probe?.id ?? 0;
  return outcome(
    begun,
    {
      kind: 'probe-event',
      id,
      event: { layer: 'name', label: 'Name found', status: 'working', message: 'SRV01' },
    },
    {
      kind: 'probe-event',
      id,
      event: { layer: 'name', label: 'Name found', status: 'ok', message: 'SRV01 is 192.168.4.10' },
    },
    {
      kind: 'probe-event',
      id,
      event: {
        layer: 'port',
        label: 'Port',
        status: 'ok',
        message: 'instance RETAIL listens on 49172 (SQL Browser)',
      },
    },
    {
      kind: 'probe-event',
      id,
      event: {
        layer: 'encryption',
        label: 'Encryption',
        status: 'failed',
        message: 'The certificate was made by the server itself.',
        hint: 'Compare its SHA-256 with the server, then trust it.',
        details: { serverKey: 'srv01:49172', fingerprint: '4F:19:AA:03:55:66' },
      },
    },
    { kind: 'probe-ended', id },
  ).state;
}
