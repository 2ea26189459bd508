import type { Finding } from '../../plan/plan.ts';
import type { Rules } from '../rules.ts';
import { dropStaging } from '../transfer/staging.ts';
import type { Course } from './course.ts';
import { readDue } from './due-tables.ts';
import type { Seat } from './enter.ts';
import { judgeIdentity } from './identity.ts';
import type { LinkMemory, SyncLink } from './link.ts';
import { distrusted, judgePairing, restoredFinding } from './restored.ts';
import { noRoomFinding } from './room.ts';
import type { SyncScope } from './scopes.ts';
import { shapesOf } from './shapes.ts';
import { stalledFinding } from './stalled.ts';
import { climb, confirm, distrustAnchors } from './tokens.ts';

/**
 * Everything that has to be known before rows move: whether the two are who they say, whether one of them was put back,
 * and where there is something to do. Throws ExpectedError where they must not synchronise.
 */
export async function setOut(
  link: SyncLink,
  runId: string,
  entered: { readonly register: Seat; readonly store: Seat },
  scopes: readonly SyncScope[],
  rules: Rules,
  signal: AbortSignal,
): Promise<{ readonly course: Course; readonly findings: readonly Finding[] }> {
  const { memory, input } = link;
  const identity = judgeIdentity(input, entered.register.found, entered.store.found);
  const pair = {
    register: { session: entered.register.control.session, peerId: identity.storeId },
    store: { session: entered.store.control.session, peerId: identity.registerId },
  };
  const { ladder, restored } = judgePairing(entered.register, entered.store, rules);
  const known = Math.max(entered.register.found.pair?.epoch ?? 1, entered.store.found.pair?.epoch ?? 1);
  const epoch = restored === undefined ? known : known + 1;
  const findings = [...identity.findings];
  if (restored !== undefined) {
    // First the anchors, then the tokens: killed in between, the next cycle finds the same and does it again.
    await distrustAnchors(pair.register, signal);
    await distrustAnchors(pair.store, signal);
    await climb(pair.register, pair.store, epoch, signal);
    findings.push(restoredFinding(identity, restored, input.host));
  } else if (ladder === 'unconfirmed') await confirm(pair.register, epoch, signal);
  const [register, store] = [entered.register, entered.store].map((seat) =>
    restored === undefined
      ? seat
      : { ...seat, found: { ...seat.found, anchors: distrusted(seat.found.anchors) } },
  ) as [Seat, Seat];
  const up = scopes.filter(({ direction }) => direction !== 'download');
  const down = scopes.filter(({ direction }) => direction !== 'upload');
  const due = {
    up: await readDue(register, store, up, memory, signal),
    down: await readDue(store, register, down, memory, signal),
  };
  for (const seat of [register, store]) {
    findings.push(...(await stalledFinding(seat, memory, input.clock.elapsed(), signal)));
    findings.push(...lacking(seat, memory));
  }
  let hasPrepared = false;
  const course: Course = {
    link,
    runId,
    rules,
    identity,
    register: { ...register, shapes: await shapesOf(register, memory, signal) },
    store: { ...store, shapes: await shapesOf(store, memory, signal) },
    due,
    noRoom: noRoomFinding(register.found.size),
    async beforeMoving(now) {
      if (hasPrepared) return;
      if (restored === undefined) await climb(pair.register, pair.store, epoch, now);
      // What a run that was killed has left behind.
      await dropStaging(pair.register.session, identity.storeId, now);
      await dropStaging(pair.store.session, identity.registerId, now);
      hasPrepared = true;
    },
  };
  return { course, findings };
}

/** What the engine of a side cannot do and what is done instead; told once for each link. */
function lacking({ side, control }: Seat, memory: LinkMemory): readonly Finding[] {
  const where = side.side === 'store' ? 'store database' : 'offline database';
  const { knowsCommitted, reachesMaster } = control.abilities;
  const found: Finding[] = [];
  if (!knowsCommitted)
    found.push({
      code: `compared-${side.side}`,
      message: `The server of the ${where} does not say which changes are committed (MIN_ACTIVE_ROWVERSION): tables with changes are compared as a whole, which takes longer.`,
      hint: 'Nothing to do; let scopes with large tables run less often.',
    });
  if (!reachesMaster)
    found.push({
      code: `unguarded-${side.side}`,
      message: `The synchronisation cannot see on the server of the ${where} whether it is being set up.`,
      hint: 'Stop the sync service while you set up or upgrade this database.',
    });
  return found.filter(({ code }) => {
    const isNew = !memory.told.has(code);
    memory.told.add(code);
    return isNew;
  });
}
