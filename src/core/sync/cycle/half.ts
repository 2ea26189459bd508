import { anchorTable } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { commonColumns, schemaHash } from '../transfer/columns.ts';
import { plainNatives } from '../transfer/natives.ts';
import type { Anchor, WindowTable } from '../window/order.ts';
import { wholeReason } from '../window/whole.ts';
import { type Course, destinationOf, sourceOf, storeSide, type Way } from './course.ts';
import { readAnchors } from './read-side.ts';
import type { SyncScope } from './scopes.ts';
import type { StoredAnchor } from './side-found.ts';
import type { PairSide } from './tokens.ts';

/** A table in one direction, as the handshake found it. */
export type HalfTable = {
  readonly name: string;
  readonly table: WindowTable;
  /** The whole of it is compared. */
  readonly isWhole: boolean;
  /** One of the two databases was put back since the anchor was written. */
  readonly isAfterRestore: boolean;
};

/** The tables of a scope in one direction; one that is not tracked on both sides is left out, alone, and told. */
export function halfOf(
  course: Course,
  scope: SyncScope,
  way: Way,
): { readonly tables: readonly HalfTable[]; readonly findings: readonly Finding[] } {
  const tables: HalfTable[] = [];
  const missing: string[] = [];
  const untriggered: string[] = [];
  for (const { name } of scope.tables) {
    const table = halfTable(course, name, way);
    if (table === undefined) missing.push(name);
    else tables.push(table);
    if (sourceOf(course, way).found.tables.get(fold(name))?.hasTrigger === false) untriggered.push(name);
  }
  return { tables, findings: [...leftOut(missing), ...blind(untriggered, way)] };
}

function halfTable(course: Course, name: string, way: Way): HalfTable | undefined {
  const key = fold(name);
  const [source, destination] = [sourceOf(course, way), destinationOf(course, way)];
  const [from, to] = [source.shapes.get(key), destination.shapes.get(key)];
  const tracked = source.found.tables.get(key);
  const trackedThere = destination.found.tables.get(key);
  if (from === undefined || to === undefined || !tracked?.hasTracking || !trackedThere?.hasTracking)
    return undefined;
  const stored = destination.found.anchors.get(key);
  const { trackingId, cleanedUpTo } = tracked;
  const table = { from, to, anchor: orderedAnchor(stored), trackingId, cleanedUpTo, opposite: undefined };
  const half = {
    name,
    table,
    isWhole: wholeReason(table, schemaHash(commonColumns(from, to, plainNatives))) !== undefined,
    isAfterRestore: stored?.state === 'restored',
  };
  const isCompared = !source.control.abilities.knowsCommitted && course.due[way].has(name);
  return isCompared ? asWhole(half) : half;
}

/** For the window, a table after a restore is one to compare. */
export const orderedAnchor = (stored: StoredAnchor | undefined): Anchor | undefined =>
  stored === undefined
    ? undefined
    : { ...stored, state: stored.state === 'restored' ? 'compare' : stored.state };

/** The same table, to be compared as a whole. */
export const asWhole = (each: HalfTable): HalfTable => ({
  ...each,
  isWhole: true,
  table: {
    ...each.table,
    anchor: each.table.anchor === undefined ? undefined : { ...each.table.anchor, state: 'compare' },
  },
});

/**
 * Of a bidirectional table both directions are compared, or rows that only one side has would stay apart. When the way
 * up is, the way down is too (`alsoDown`, folded names). When only the way down is, the register has written down what
 * it has changed: that goes up as ever, and of the rest only what the store has not and has not deleted (`back`). What
 * the store has otherwise is newer than what the register was told.
 */
export function coupled(
  up: readonly HalfTable[] = [],
  down: readonly HalfTable[] = [],
): { readonly back: readonly HalfTable[]; readonly alsoDown: ReadonlySet<string> } {
  const whole = (half: readonly HalfTable[]) =>
    new Set(half.filter(({ isWhole }) => isWhole).map(({ name }) => fold(name)));
  const alsoDown = whole(up);
  const fromDown = whole(down);
  const back = up.filter(({ name, isWhole }) => !isWhole && fromDown.has(fold(name)));
  return { back, alsoDown };
}

/** Those tables as they are to be brought: from where the register's changes have moved their anchors by now. */
export async function broughtBack(
  course: Course,
  back: readonly HalfTable[],
  signal: AbortSignal,
): Promise<readonly HalfTable[]> {
  const anchors = await readAnchors(storeSide(course), signal);
  return back.map((each) => {
    const anchor = orderedAnchor(anchors.get(fold(each.name)));
    return asWhole({ ...each, table: { ...each.table, anchor, onlyMissing: true } });
  });
}

/**
 * Writes down, before anything moves, which tables are ordered to be compared: a cycle that is killed half-way finds both
 * directions as they have to be.
 */
export async function markCompare(
  { session, peerId }: PairSide,
  half: readonly HalfTable[],
  signal: AbortSignal,
): Promise<void> {
  const marked = half.filter(({ table }) => table.anchor?.state === 'compare');
  if (marked.length === 0) return;
  await session.query(
    `UPDATE ${anchorTable} SET State = 'compare', UpdatedUtc = GETUTCDATE()
WHERE PeerId = ${peerId} AND State = 'incremental' AND LOWER(TableName) IN (${marked.map(({ name }) => quoteString(fold(name))).join(', ')})`,
    {},
    signal,
  );
}

const leftOut = (names: readonly string[]): readonly Finding[] =>
  names.length === 0
    ? []
    : [
        {
          code: 'table-not-tracked',
          message: `Not tracked on both sides, and left out: ${names.join(', ')}.`,
          hint: 'Run storedb apply on this register again.',
        },
      ];

const blind = (names: readonly string[], way: Way): readonly Finding[] =>
  names.length === 0
    ? []
    : [
        {
          code: 'trigger-off',
          message: `The tracking trigger is missing or switched off in the ${way === 'up' ? 'offline' : 'store'} database: changes of ${names.join(', ')} go by unseen.`,
          hint: 'Run storedb apply on this register again: it puts the trigger back, and the tables are compared as a whole.',
        },
      ];
