import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Register } from '../../../src/cli/sync/register.ts';
import { openSyncReport } from '../../../src/cli/sync/report.ts';
import type { ScopeResult, SyncEvent } from '../../../src/core/sync/events.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storedb-report-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const register = {
  answers: { task: 'offline-database', storeDatabase: { name: 'Store' } },
  isPractice: false,
} as Partial<Register> as Register;
const written = async (name: string) => {
  const [run = ''] = await readdir(folder);
  return (await readFile(join(folder, run, name), 'utf8')).trimEnd().split('\n');
};
const none = { total: 0, ok: 0, parked: 0 };
const scope = (name: string, more: Partial<ScopeResult>): SyncEvent => ({
  kind: 'scope-finished',
  scope: name,
  direction: 'download',
  outcome: 'done',
  downloaded: none,
  uploaded: none,
  startedUtc: new Date(0),
  finishedUtc: new Date(0),
  findings: [],
  ...more,
});

it('logs the scopes that moved rows or met trouble, and not the thousands in which nothing happened', async () => {
  const report = openSyncReport(register, { json: false, logDir: folder, lines: () => [] });
  report.tell(scope('Idle', {}));
  report.tell(scope('Failed', { outcome: 'failed' }));
  report.tell(scope('Moved', { downloaded: { total: 1, ok: 1, parked: 0 } }));
  const logged = (await written('events.jsonl')).map((line) => JSON.parse(line).scope);
  expect(logged).toEqual(['Failed', 'Moved']);
});

it('keeps the newest 500 lines of a run that goes on for weeks', async () => {
  const lines = (event: SyncEvent) => (event.kind === 'scope-finished' ? [event.scope] : []);
  const report = openSyncReport(register, { json: false, logDir: folder, lines });
  for (let count = 1; count <= 510; count++) report.tell(scope(`line ${count}`, {}));
  const summary = await written('summary.txt');
  expect(summary).toHaveLength(500);
  expect([summary[0], summary.at(-1)]).toEqual(['line 11', 'line 510']);
});
