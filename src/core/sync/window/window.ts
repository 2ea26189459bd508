import type { Finding } from '../../plan/plan.ts';
import { inLanes } from '../in-lanes.ts';
import { type Rules, soundRules } from '../rules.ts';
import { dropStaging } from '../transfer/staging.ts';
import { applyStaged, nothingMoved } from './apply-staged.ts';
import { borrowed } from './borrowed.ts';
import { findWork } from './find-work.ts';
import { laterBound } from './later-bound.ts';
import type { WindowOrder, WindowProgress, WindowResult } from './order.ts';
import { type Staged, stageTable } from './stage-table.ts';

/** Tables that are read at once, each over a session of both sides: one reads while another waits for its server. */
const tablesAtOnce = 3;
/** Times that a window is read because its tables were changed meanwhile; then it goes as it is, and the next one mends it. */
const mostReads = 3;

/**
 * Brings what changed since the last window, all of it or nothing: whatever breaks, the same call afterwards does the
 * rest, and once more nothing. What cannot be applied is parked in storedb.Conflict in the same transaction; a table
 * that cannot be written is left out with a finding, and its anchor stays.
 *
 * Throws what is transient (`isTransient`), lost connections and the reason of an aborted signal; nothing is changed
 * then. What is left in staging tables is dropped by the next window.
 */
export async function* transferWindow(
  order: WindowOrder,
  signal: AbortSignal,
  rules: Rules = soundRules,
): AsyncGenerator<WindowProgress, WindowResult> {
  const { order: asRead, staged, findings } = yield* readTogether(order, rules, signal);
  if (staged.length === 0) return { ...nothingMoved, findings };
  const result = await borrowed(order.destination, signal, async (writer) => {
    const applied = await applyStaged(writer, staged, asRead, rules, signal);
    await dropStaging(writer, order.sourceId, signal);
    return applied;
  });
  return { ...result, findings: [...findings, ...result.findings] };
}

/** The window in the staging tables, and up to where it goes: again from a later bound while its tables change. */
async function* readTogether(
  first: WindowOrder,
  rules: Rules,
  signal: AbortSignal,
): AsyncGenerator<
  WindowProgress,
  { readonly order: WindowOrder; readonly staged: readonly Staged[]; readonly findings: readonly Finding[] }
> {
  let order = first;
  for (let reads = 1; ; reads++) {
    const { source, destination } = order;
    const { work, findings } = await borrowed(source, signal, async (reader) =>
      borrowed(destination, signal, async (writer) => findWork(reader, writer, order, signal)),
    );
    if (work.length === 0) return { order, staged: [], findings };
    const staged = yield* inLanes(
      work,
      tablesAtOnce,
      (each, tell: (step: WindowProgress) => void, ended) => stageTable(each, order, rules, tell, ended),
      signal,
    );
    const upper = reads < mostReads ? await laterBound(order, rules, signal) : undefined;
    if (upper === undefined) return { order, staged, findings };
    order = { ...order, upper };
  }
}
