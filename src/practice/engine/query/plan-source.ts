/** Decides how a FROM clause runs: conditions as early as possible, index lookups before hash joins before loops. */

import type { Leaf, SourceTree } from './from.ts';
import { slotsOf } from './from.ts';
import { join, nestedLoop } from './joins.ts';
import { filtered, isSubset, type Predicate, type RowSource } from './row-source.ts';
import { findMatches, findSeek, hashedScan, type ScanTarget, scan, seekingScan } from './scan.ts';

/**
 * The source for a tree with the predicates applied to it. `known` are the slots that have their rows before this
 * part runs, so that a lookup may read them. `target` names the table that UPDATE or DELETE changes.
 */
export const planSource = (
  tree: SourceTree,
  predicates: readonly Predicate[],
  known: ReadonlySet<number>,
  target: ScanTarget | undefined,
): RowSource => {
  if (tree.kind === 'leaf') return planLeaf(tree, predicates, known, target);
  const left = new Set(slotsOf(tree.left));
  const leftKnown = new Set([...known, ...left]);

  if (tree.kind === 'apply') {
    const [early, late] = divide(predicates, new Set([...known, ...left]));
    return filtered(
      nestedLoop(
        tree.isOuter ? 'left' : 'inner',
        planSource(tree.left, early, known, target),
        planSource(tree.right, [], leftKnown, target),
        [],
      ),
      late,
    );
  }
  if (tree.type === 'full') {
    const source = join(
      'full',
      planSource(tree.left, [], known, target),
      planSource(tree.right, [], known, target),
      tree.on,
    );
    return filtered(source, predicates);
  }
  if (tree.type === 'left') {
    const [early, late] = divide(predicates, leftKnown);
    const source = planJoin('left', tree.left, tree.right, early, tree.on, known, target);
    return filtered(source, late);
  }
  const [early, rest] = divide([...tree.on, ...predicates], leftKnown);
  return planJoin('inner', tree.left, tree.right, early, rest, known, target);
};

const planJoin = (
  type: 'inner' | 'left',
  left: SourceTree,
  right: SourceTree,
  onLeft: readonly Predicate[],
  on: readonly Predicate[],
  known: ReadonlySet<number>,
  target: ScanTarget | undefined,
): RowSource => {
  const leftSource = planSource(left, onLeft, known, target);
  const leftKnown = new Set([...known, ...slotsOf(left)]);
  if (right.kind === 'leaf' && findSeek(right, on, leftKnown) !== undefined) {
    return nestedLoop(type, leftSource, planLeaf(right, on, leftKnown, target), []);
  }
  const rightKnown = new Set([...known, ...slotsOf(right)]);
  const [onRight, both] = divide(on, rightKnown);
  // The other way round: UPDATE b FROM big AS b JOIN few AS f ON f.key = b.key looks the few up.
  const onBoth = [...onLeft, ...both];
  if (type === 'inner' && left.kind === 'leaf' && findSeek(left, onBoth, rightKnown) !== undefined) {
    const rightSource = planSource(right, onRight, known, target);
    return nestedLoop(type, rightSource, planLeaf(left, onBoth, rightKnown, target), []);
  }
  return join(type, leftSource, planSource(right, onRight, known, target), both);
};

const planLeaf = (
  leaf: Leaf,
  predicates: readonly Predicate[],
  known: ReadonlySet<number>,
  target: ScanTarget | undefined,
): RowSource => {
  const seek = findSeek(leaf, predicates, known);
  const matches =
    seek === undefined && target?.slot !== leaf.slot ? findMatches(leaf, predicates, known) : [];
  const source =
    seek !== undefined
      ? seekingScan(leaf, seek, target)
      : matches.length > 0
        ? hashedScan(leaf, matches)
        : scan(leaf, target);
  return filtered(source, predicates);
};

/** Those that need nothing but the slots, and the others; the order stays. */
const divide = (
  predicates: readonly Predicate[],
  slots: ReadonlySet<number>,
): readonly [readonly Predicate[], readonly Predicate[]] => {
  const early: Predicate[] = [];
  const late: Predicate[] = [];
  for (const predicate of predicates) (isSubset(predicate.slots, slots) ? early : late).push(predicate);
  return [early, late];
};
