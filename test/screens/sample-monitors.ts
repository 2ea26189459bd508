import type { ConflictDetail, ConflictSummary } from '../../src/core/sync/conflicts/index.ts';
import type { ScopeStatus, SyncStatus } from '../../src/core/sync/index.ts';
import type { WizardOptions } from '../../src/screens/initial.ts';
import { initialMonitor } from '../../src/screens/initial.ts';
import type { WizardState } from '../../src/screens/wizard.ts';
import { large, noon, outcome } from './sample-wizards.ts';

/** The time of day of a look, in the local time that screens show. */
export const lookedAt = new Date(2026, 10, 22, 14, 26, 2);

const secondsBefore = (seconds: number) => new Date(lookedAt.getTime() - seconds * 1000);

function scope(
  name: string,
  direction: ScopeStatus['direction'],
  more: Partial<ScopeStatus> = {},
  rows = 0,
): ScopeStatus {
  return {
    scope: name,
    direction,
    frequencySeconds: 300,
    tables: 3,
    loading: 0,
    lastRun: {
      startedUtc: secondsBefore(6),
      finishedUtc: secondsBefore(4),
      outcome: 'done',
      downloaded: direction === 'upload' ? 0 : rows,
      uploaded: direction === 'upload' ? rows : 0,
      parked: 0,
      message: undefined,
    },
    waiting: {
      up: direction === 'download' ? undefined : 0,
      down: direction === 'upload' ? undefined : 0,
    },
    parked: 0,
    ...more,
  };
}

export const sampleScopes: readonly ScopeStatus[] = [
  scope('Tax', 'download'),
  scope('Products', 'download', {}, 14),
  scope('Prices and discounts', 'download', {}, 312_450),
  scope('POS transactions', 'upload', { waiting: { up: 1200, down: undefined } }, 37),
  scope('Suspended transactions', 'bidirectional', { parked: 1, waiting: { up: 1, down: 0 } }, 1),
];

export function sampleStatus(more: Partial<SyncStatus> = {}): SyncStatus {
  const side = { isReachable: true, size: undefined, stalled: undefined } as const;
  return {
    atUtc: lookedAt,
    register: {
      storeId: 'HOUSTON',
      registerId: 'HOUSTON-1',
      dataAreaId: 'usrt',
      replicaId: 'A',
      machine: 'POS1',
      epoch: 1,
    },
    store: { ...side, server: 'SRV01\\RETAIL', database: 'AXRETAILPOS' },
    offline: { ...side, server: '.\\SQLEXPRESS', database: 'AXRETAILPOSOFFLINE' },
    scopes: sampleScopes,
    parked: 1,
    holder: undefined,
    lastError: undefined,
    findings: [],
    ...more,
  };
}

/** The store is away: what waits there cannot be said. */
export function storeAway(): SyncStatus {
  const finding = {
    code: 'unreachable',
    message: 'The server SRV01\\RETAIL does not answer on port 49172.',
    hint: 'Check the cable and whether the server is on; sales wait here meanwhile.',
  };
  return sampleStatus({
    store: { isReachable: false, server: 'SRV01\\RETAIL', database: 'AXRETAILPOS', finding },
    scopes: sampleScopes.map((each) => ({
      ...each,
      waiting: { ...each.waiting, down: undefined },
      lastRun: each.lastRun && { ...each.lastRun, outcome: 'unreachable' },
    })),
  });
}

export const sampleParked: readonly ConflictSummary[] = [
  {
    id: 'S12',
    where: 'store',
    scope: 'Suspended transactions',
    table: 'RETAILSUSPENDEDTRANSACTIONS',
    key: 'TRANSACTIONID=000123, STORE=HOUSTON',
    reason: 'store-wins',
    message: 'The row was changed on both sides; the store keeps its own.',
    errorNumber: undefined,
    attempts: 2,
    parkedUtc: lookedAt,
    isMarked: false,
  },
  {
    id: 'R3',
    where: 'offline',
    scope: 'Prices and discounts',
    table: 'INVENTTABLE',
    key: 'ITEMID=0099',
    reason: 'error',
    message: 'The register refused the row: String or binary data would be truncated. (8152)',
    errorNumber: 8152,
    attempts: 4,
    parkedUtc: lookedAt,
    isMarked: true,
  },
];

export function sampleDetail(): ConflictDetail {
  const [first] = sampleParked;
  if (first === undefined) throw new Error('There is no sample.');
  return {
    ...first,
    isGone: false,
    columns: [
      { column: 'TRANSACTIONID', parked: '000123', store: '000123', offline: '000123' },
      {
        column: 'NETAMOUNT',
        parked: '1844.6800000000000000',
        store: '12.5000000000000000',
        offline: '1844.68',
      },
      { column: 'COMMENT', parked: null, store: 'taken over by till 2', offline: undefined },
    ],
  };
}

/** The monitor that has nothing beside it, after a look. */
export function watching(options: Partial<WizardOptions> = {}, status = sampleStatus()): WizardState {
  const opened = outcome(
    initialMonitor({
      version: '1.0.0',
      size: large,
      glyphs: 'cp437',
      isPractice: false,
      now: noon,
      ...options,
    }),
    { kind: 'open' },
  ).state;
  return outcome(opened, { kind: 'status-read', id: opened.monitor?.id ?? 0, status }).state;
}

/** The same with the parked rows over it. */
export function withParked(state: WizardState, rows = sampleParked): WizardState {
  const id = state.monitor?.id ?? 0;
  return outcome(
    state,
    { kind: 'press-key', key: { kind: 'text', text: 'p' } },
    { kind: 'parked-listed', id, rows },
  ).state;
}
