import { trackingTableName } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { RowVersion } from '../window/enumerate.ts';
import { type Course, storeSide } from './course.ts';
import { type Cut, cutTracking } from './cut-tracking.ts';
import { releaseReplicas, takeReplicas } from './locks.ts';
import { retentionDays } from './retention.ts';
import { readBroughtUp, readSeen, type Seen } from './who-has-seen.ts';

const tidyLock = 'storedb:tidy';

/**
 * At the store: what every live register has got, and what is older than the retention. A register that has been away
 * longer compares the table as a whole, because its anchor lies below CleanupTimestamp; one that was retired holds
 * nothing up. Of tables that registers write the marks stay as long as the row: they say whose it is, and whether a
 * register that has been away knows the row as it is.
 */
export async function tidyStoreTracking(course: Course, signal: AbortSignal): Promise<void> {
  const { session } = storeSide(course);
  const { rules } = course;
  const [lock] = await session.query<{ given: number }>(
    `DECLARE @own int; EXEC @own = sp_getapplock @Resource = '${tidyLock}', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;
SELECT @own AS given`,
    {},
    signal,
  );
  // Another register is at it.
  if ((lock?.given ?? -1) < 0) return;
  try {
    const seen = await readSeen(session, signal);
    const tables = [...course.store.found.tables.values()].filter(({ hasTracking }) => hasTracking);
    const brought = await readBroughtUp(session, signal);
    const what = ({ name, direction }: (typeof tables)[number]): Cut['what'] => {
      const here = course.register.found.tables.get(fold(name))?.direction ?? direction;
      // Registers of another profile may bring up what this one only takes.
      return here !== 'download' || brought.has(fold(name)) ? 'tombstones' : 'all';
    };
    const cuts = tables.flatMap((table): readonly Cut[] => {
      if (brought.get(fold(table.name)) === true) return [];
      const bounds = seen.filter(({ name }) => name === fold(table.name)).map(({ at }) => at);
      const upTo = rules.waitsForLate ? lowest(bounds) : highest(bounds);
      return upTo === undefined ? [] : [{ name: table.name, upTo, what: what(table) }];
    });
    await cutTracking(session, cuts, rules, signal);
    const old = await readOld(session, tables, signal);
    await withoutThoseAtWork(session, seen, old, signal, (free) =>
      cutTracking(
        session,
        tables.flatMap((table): readonly Cut[] => {
          const upTo = free.get(fold(table.name));
          return upTo === undefined ? [] : [{ name: table.name, upTo, what: what(table) }];
        }),
        rules,
        signal,
      ),
    );
  } finally {
    if (!course.store.side.isLost)
      await session.query(`EXEC sp_releaseapplock @Resource = '${tidyLock}', @LockOwner = 'Session';`);
  }
}

/**
 * At the register: what the store has got, and all of what only comes down. There is no retention: what the store has
 * not got must be told to it, however long it was away.
 */
export async function tidyRegisterTracking(course: Course, signal: AbortSignal): Promise<void> {
  const { control, found } = course.register;
  const seen = new Map((await readSeen(control.session, signal)).map(({ name, at }) => [name, at] as const));
  const cuts = [...found.tables.values()].flatMap(({ name, direction, hasTracking }): readonly Cut[] => {
    const upTo = direction === 'download' ? found.upper : seen.get(fold(name));
    return hasTracking && upTo !== undefined ? [{ name, upTo, what: 'all' }] : [];
  });
  await cutTracking(control.session, cuts, course.rules, signal);
}

/** The last tracking row older than the retention, by folded table name; tables without one are left out. */
async function readOld(
  session: SqlSession,
  tables: readonly { readonly name: string }[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RowVersion>> {
  if (tables.length === 0) return new Map();
  const asked = tables.map(
    ({ name }) =>
      `SELECT ${quoteString(fold(name))} AS name, CAST(CAST(MAX([local_update_peer_timestamp]) AS bigint) AS varchar(20)) AS at
FROM ${quoteNames('dbo', trackingTableName(name))} WHERE [last_change_datetime] < DATEADD(day, -${retentionDays.tombstones}, GETUTCDATE())`,
  );
  const rows = await session.query<{ name: string; at: string | null }>(
    asked.join('\nUNION ALL '),
    {},
    signal,
  );
  return new Map(rows.flatMap(({ name, at }) => (at === null ? [] : [[name, BigInt(at)] as const])));
}

/**
 * Does the work for tables of which no register that is behind is at work now: one that has read that nothing is gone
 * must not have it taken away while it reads. Its lock is held meanwhile.
 */
async function withoutThoseAtWork(
  session: SqlSession,
  seen: readonly Seen[],
  old: ReadonlyMap<string, RowVersion>,
  signal: AbortSignal,
  work: (free: ReadonlyMap<string, RowVersion>) => Promise<void>,
): Promise<void> {
  const isBehind = ({ name, at }: Seen) => at < (old.get(name) ?? 0n);
  const behind = [...new Set(seen.filter(isBehind).map(({ replicaId }) => replicaId))];
  const held: string[] = [];
  try {
    for (const replicaId of behind) {
      const [row] = await session.query<{ own: number }>(
        `DECLARE @own int; ${takeReplicas(replicaId)} SELECT @own AS own`,
        {},
        signal,
      );
      if ((row?.own ?? -1) >= 0) held.push(replicaId);
    }
    const busy = seen.filter((each) => isBehind(each) && !held.includes(each.replicaId));
    await work(new Map([...old].filter(([name]) => !busy.some((each) => each.name === name))));
  } finally {
    for (const replicaId of held) await session.query(releaseReplicas(replicaId), {}, signal);
  }
}

const lowest = (values: readonly RowVersion[]): RowVersion | undefined => values.toSorted(byValue)[0];
const highest = (values: readonly RowVersion[]): RowVersion | undefined => values.toSorted(byValue).at(-1);
const byValue = (left: RowVersion, right: RowVersion): number => (left < right ? -1 : left > right ? 1 : 0);
