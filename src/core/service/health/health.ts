import * as z from 'zod';
import type { CycleResult, SyncEvent } from '../../sync/events.ts';

const finding = z.object({ code: z.string(), message: z.string(), hint: z.string() });
const time = z.iso.datetime();
const count = z.number().int().nonnegative();

const health = z.object({
  version: z.literal(1),
  service: z.string(),
  storedb: z.string(),
  processId: z.number().int(),
  startedUtc: time,
  /** Of the last sign of life that was written down. */
  updatedUtc: time,
  state: z.enum(['starting', 'working', 'waiting', 'ended']),
  /** What is being moved, while it works. */
  at: z.object({ scope: z.string(), table: z.string(), rows: count }).optional(),
  /** Since the process started. */
  cycles: count,
  lastCycle: z
    .object({
      runId: z.string(),
      outcome: z.enum(['done', 'partly', 'failed', 'busy', 'unreachable']),
      finishedUtc: time,
      tookMs: z.number(),
      rows: count,
      parked: count,
      findings: z.array(finding),
    })
    .optional(),
  /** The last cycle that did all there was to do; kept over a restart. */
  lastGoodUtc: time.optional(),
  /** Cycles since then that did not. */
  failedInARow: count,
  /** The last thing that went wrong; kept over a restart, and over what went well since. */
  lastError: finding.extend({ atUtc: time }).optional(),
  /** How the process before this one ended, or this one; a process that was killed leaves none. */
  lastEnd: z.object({ atUtc: time, exitCode: z.number().int(), why: z.string() }).optional(),
});

/** What a service says about itself, for monitoring (health.json) and for `status`. */
export type Health = z.infer<typeof health>;

/** Undefined when the text is not the health of a service: a file that was cut off must stop nobody. */
export function parseHealth(text: string): Health | undefined {
  try {
    const read = health.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** A process that has just begun, after the one that `before` tells of. */
export function beginHealth(
  process: Pick<Health, 'service' | 'storedb' | 'processId'>,
  now: Date,
  before: Health | undefined,
): Health {
  const at = now.toISOString();
  return {
    version: 1,
    ...process,
    startedUtc: at,
    updatedUtc: at,
    state: 'starting',
    cycles: 0,
    failedInARow: before?.failedInARow ?? 0,
    ...(before?.lastGoodUtc && { lastGoodUtc: before.lastGoodUtc }),
    ...(before?.lastError && { lastError: before.lastError }),
    ...(before?.lastEnd && { lastEnd: before.lastEnd }),
  };
}

/** The health after an event of the synchronisation. Pure. */
export function afterEvent(health: Health, event: SyncEvent, now: Date): Health {
  const { at: _, ...rest } = health;
  const next = { ...rest, updatedUtc: now.toISOString() };
  switch (event.kind) {
    case 'cycle-started':
    case 'scope-started':
    case 'scope-finished':
      return { ...next, state: 'working' };
    case 'rows-moved':
      return {
        ...next,
        state: 'working',
        at: { scope: event.scope, table: event.table, rows: event.done },
      };
    case 'finding':
      return { ...next, lastError: { ...event.finding, atUtc: next.updatedUtc } };
    case 'cycle-finished':
      return afterCycle(next, event, next.updatedUtc);
    case 'waiting':
      return { ...next, state: 'waiting' };
  }
}

/** The findings that are kept of one cycle. */
const mostFindings = 10;

function afterCycle(health: Health, cycle: CycleResult, at: string): Health {
  const counts = cycle.scopes.flatMap(({ downloaded, uploaded }) => [downloaded, uploaded]);
  const sum = (pick: (each: (typeof counts)[number]) => number) =>
    counts.reduce((total, each) => total + pick(each), 0);
  const findings = [...cycle.findings, ...cycle.scopes.flatMap((scope) => scope.findings)];
  const isGood = cycle.outcome === 'done';
  const worst = isGood ? undefined : findings[0];
  return {
    ...health,
    state: 'working',
    cycles: health.cycles + 1,
    lastCycle: {
      runId: cycle.runId,
      outcome: cycle.outcome,
      finishedUtc: at,
      tookMs: Math.round(cycle.took),
      rows: sum(({ total }) => total),
      parked: sum(({ parked }) => parked),
      findings: findings.slice(0, mostFindings).map(({ code, message, hint }) => ({ code, message, hint })),
    },
    failedInARow: isGood ? 0 : health.failedInARow + 1,
    ...(isGood && { lastGoodUtc: at }),
    ...(worst && { lastError: { ...worst, atUtc: at } }),
  };
}

/** The health of a process that ends; `why` in words. */
export function afterEnd(health: Health, exitCode: number, why: string, now: Date): Health {
  const { at: _, ...rest } = health;
  const atUtc = now.toISOString();
  return { ...rest, updatedUtc: atUtc, state: 'ended', lastEnd: { atUtc, exitCode, why } };
}
