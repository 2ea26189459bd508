import { ExpectedError } from '../../errors.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { OperationContext, Outcome, Performer, Progress } from '../../plan/operation.ts';
import type { Finding } from '../../plan/plan.ts';
import type { CycleResult } from '../events.ts';
import { openSync, runCycle, type SyncLink } from '../index.ts';
import { countRows, readLoadedTables } from './loaded-tables.ts';

/** Brings the rows of these tables to a register that has none of them yet. */
export type FirstLoad = { readonly kind: 'first-load'; readonly tables: readonly string[] };

/** Milliseconds between two looks at a load that somebody else is at. */
const pause = 1000;
/** Looks without a new row or table after which whoever is at it counts as stuck: ten minutes. */
const mostIdleLooks = 600;

/**
 * Runs whole cycles until every table has come. Where the service is at it already, it waits for that: what counts is
 * that the rows are there. Interrupted, the next run goes on from the anchors.
 */
export const firstLoad: Performer<FirstLoad> = async function* (
  { tables }: FirstLoad,
  context: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  const { signal } = context;
  const input = context.syncInput();
  const store = await input.servers.connect(input.store, signal);
  const total = await countRows(store, tables, signal).finally(() => store.close());
  const link = await openSync(input, signal);
  try {
    let idleLooks = 0;
    let before: Look | undefined;
    for (;;) {
      const result = yield* ownCycle(link, total ?? 0, context);
      const now = await look(tables, context);
      if (result.outcome !== 'busy') refuseFailure(result);
      if (now.missing.length === 0) return outcomeOf(result);
      const hasMoved =
        before === undefined || now.rows !== before.rows || now.missing.length < before.missing.length;
      // Held tables come with the next cycle; tables that stay away in spite of it have been told of.
      if (result.outcome !== 'busy' && !hasMoved) return incomplete(now.missing, result);
      idleLooks = hasMoved ? 0 : idleLooks + 1;
      if (idleLooks === mostIdleLooks) throw stuck(result);
      before = now;
      if (result.outcome !== 'busy') continue;
      yield { done: now.rows, total: Math.max(total ?? 0, now.rows), unit: 'rows' };
      await context.clock.sleep(pause, signal);
    }
  } finally {
    await link.close();
  }
};

/** One cycle over all scopes; the rows that reach the register are its progress. */
async function* ownCycle(
  link: SyncLink,
  total: number,
  { signal, hasChanged }: OperationContext,
): AsyncGenerator<Progress, CycleResult> {
  const arrived = new Map<string, number>();
  const events = runCycle(link, { logsIdle: true }, signal);
  for (let step = await events.next(); ; step = await events.next()) {
    if (step.done) return step.value;
    const event = step.value;
    if (event.kind === 'scope-finished') hasChanged();
    if (event.kind !== 'rows-moved') continue;
    hasChanged();
    if (event.towards !== 'offline') continue;
    arrived.set(event.table, event.done);
    const done = [...arrived.values()].reduce((sum, rows) => sum + rows, 0);
    // The catalog's count is older than the load.
    yield { done, total: total === 0 ? 0 : Math.max(total, done), unit: 'rows' };
  }
}

type Look = { readonly missing: readonly string[]; readonly rows: number };

/** What has not come yet, and how many rows are there. */
async function look(tables: readonly string[], context: OperationContext): Promise<Look> {
  const session = await context.open('offline');
  const loaded = await readLoadedTables(session, context.signal);
  const missing = tables.filter((name) => !loaded.has(fold(name)));
  return { missing, rows: (await countRows(session, tables, context.signal)) ?? 0 };
}

function outcomeOf(result: CycleResult): Outcome {
  const [first] = findingsOf(result);
  return result.outcome === 'partly' && first !== undefined
    ? { outcome: 'warning', finding: first }
    : { outcome: 'done' };
}

function refuseFailure(result: CycleResult): void {
  if (result.outcome !== 'failed' && result.outcome !== 'unreachable') return;
  const [first] = findingsOf(result);
  throw new ExpectedError({
    code: first?.code ?? 'first-load-failed',
    exit: result.outcome === 'unreachable' ? 'connection' : 'failedPartWay',
    message: `The rows have not all come: ${first?.message ?? 'the synchronisation did not say why.'}`,
    hint: first?.hint ?? 'Run the same command again; it goes on from where it was.',
  });
}

function incomplete(missing: readonly string[], result: CycleResult): Outcome {
  const [first] = findingsOf(result);
  const names = missing.slice(0, 3).join(', ');
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
  return {
    outcome: 'warning',
    finding: {
      code: 'first-load-incomplete',
      message:
        `These tables have not come to the register: ${names}${more}. ${first?.message ?? ''}`.trimEnd(),
      hint: first?.hint ?? 'Run the same command again; it tries them again.',
    },
  };
}

function stuck(result: CycleResult): ExpectedError {
  const [first] = findingsOf(result);
  return new ExpectedError({
    code: 'first-load-stuck',
    exit: 'locked',
    message: `No row has come for ten minutes while another run is at it. ${first?.message ?? ''}`.trimEnd(),
    hint: 'Look at what holds it with storedb sync status, then run the same command again.',
  });
}

/** What went wrong: what the scopes that failed say of themselves comes first. */
function findingsOf({ findings, scopes }: CycleResult): readonly Finding[] {
  const failed = scopes.filter(({ outcome }) => outcome === 'failed');
  return [...failed, ...scopes].flatMap((scope) => scope.findings).concat(findings);
}
