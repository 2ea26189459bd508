/** Reads the rows of one table: all of them, or those that an index finds. */

import { SqlError } from '../extension.ts';
import type { Index, Table } from '../model.ts';
import { combine, rowKey } from '../rows/index-key.ts';
import type { IndexKey, RowIndex } from '../rows/row-index.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { RowFrame } from '../run/context.ts';
import type { Row, SqlType } from '../types.ts';
import type { Leaf } from './from.ts';
import { canSeek, seekKey } from './key-conversion.ts';
import { type LockedTable, Reading } from './reading.ts';
import type { Predicate, RowSource, Side } from './row-source.ts';

/** The table that a statement changes: its scan notes in `Execution.targets` which stored row the values came from. */
export type ScanTarget = { readonly slot: number; readonly isAlone: boolean };

/** An index lookup: for every column of the index the expression that it must equal. */
export type Seek = { readonly index: Index; readonly keys: readonly Side[] };

/** An index whose columns are all fixed by equalities with things that are known before the table is read. */
export const findSeek = (
  leaf: Leaf,
  predicates: readonly Predicate[],
  known: ReadonlySet<number>,
): Seek | undefined => {
  if (leaf.content.kind !== 'table') return undefined;
  const { table } = leaf.content.locked;
  const byOrdinal = new Map<number, Side>();
  for (const { equality } of predicates) {
    if (equality === undefined) continue;
    for (const [column, other] of [
      [equality.left, equality.right],
      [equality.right, equality.left],
    ] as const) {
      if (column.column?.slot !== leaf.slot || !isKnown(other, known, leaf.slot)) continue;
      const type = table.columns[column.column.ordinal]?.type;
      if (type !== undefined && canSeek(type, other.expression)) byOrdinal.set(column.column.ordinal, other);
    }
  }
  if (byOrdinal.size === 0) return undefined;
  let best: Seek | undefined;
  for (const index of table.indexes) {
    if (index.isDisabled || index.filter !== undefined) continue;
    const keys = index.columns.map(({ columnId }) =>
      byOrdinal.get(table.columns.findIndex((column) => column.id === columnId)),
    );
    if (keys.some((key) => key === undefined)) continue;
    const seek: Seek = { index, keys: keys.filter((key) => key !== undefined) };
    if (best === undefined || (index.isUnique && !best.index.isUnique)) best = seek;
    else if (index.isUnique === best.index.isUnique && keys.length > best.keys.length) best = seek;
  }
  return best;
};

const isKnown = (side: Side, known: ReadonlySet<number>, own: number): boolean => {
  for (const slot of side.slots) if (slot === own || !known.has(slot)) return false;
  return true;
};

/** Where a leaf's rows are when the statement runs. */
const tableOf = (leaf: Leaf, frame: RowFrame): { table: Table; locked: LockedTable | undefined } => {
  const { content } = leaf;
  if (content.kind === 'table') {
    return { table: content.locked.table, locked: content.isPrivate ? undefined : content.locked };
  }
  if (content.kind === 'table-variable') {
    const table = frame.runtime.activation.tables.get(content.name);
    if (table === undefined) throw new Error(`the table variable ${content.name} does not exist`);
    return { table, locked: undefined };
  }
  throw new Error('not a table');
};

/** Reads stored rows through the locks and puts their values into the slot. */
const reader = (leaf: Leaf, frame: RowFrame, target: ScanTarget | undefined, looksUpKeys: boolean) => {
  const { table, locked } = tableOf(leaf, frame);
  const isTarget = target?.slot === leaf.slot;
  const hints = leaf.content.kind === 'table' ? leaf.content.hints : [];
  const reading =
    locked === undefined ? undefined : new Reading(locked, frame.runtime, hints, isTarget, looksUpKeys);
  return {
    rows: rowsOf(table),
    canSeek: reading?.canSeek !== false,
    keep: (index: RowIndex, key: IndexKey): void => reading?.keep(index, key),
    put: (stored: StoredRow): boolean => {
      const values = reading === undefined ? stored.values : reading.read(stored);
      if (values === null) return false;
      frame.rows[leaf.slot] = values;
      if (!isTarget) return true;
      if (target.isAlone) frame.runtime.latestTarget = stored;
      else frame.runtime.targets.set(values, stored);
      return true;
    },
  };
};

export const scan = (leaf: Leaf, target: ScanTarget | undefined): RowSource => ({
  slots: [leaf.slot],
  *open(frame) {
    if (leaf.content.kind === 'rows') {
      let steps = 0;
      for (const row of leaf.content.rows(frame)) {
        // Not every source pauses by itself: a recursive query without an end must still hear an attention.
        if (row === undefined || (++steps & 1023) === 0) yield false;
        if (row !== undefined) {
          frame.rows[leaf.slot] = row;
          yield true;
        }
      }
      return;
    }
    const { rows, put } = reader(leaf, frame, target, false);
    let steps = 0;
    for (const stored of rows.rows.values()) {
      if ((++steps & 1023) === 0) yield false;
      if (put(stored)) yield true;
    }
  },
});

export const seekingScan = (leaf: Leaf, seek: Seek, target: ScanTarget | undefined): RowSource => {
  if (leaf.content.kind !== 'table') return scan(leaf, target);
  const { table } = leaf.content.locked;
  const makers = seek.keys.map((side, i) => {
    const columnId = seek.index.columns[i]?.columnId;
    const type = table.columns.find((column) => column.id === columnId)?.type ?? { kind: 'null' };
    return seekKey(side.expression, type);
  });
  const fallback = scan(leaf, target);
  return {
    slots: [leaf.slot],
    *open(frame) {
      const { rows, canSeek: isSeekable, keep, put } = reader(leaf, frame, target, true);
      const index = rows.indexes.get(seek.index);
      if (index === undefined || !isSeekable) {
        yield* fallback.open(frame);
        return;
      }
      const parts = makers.map((maker) => maker(frame));
      // NULL equals nothing, and a value that the column's type cannot hold is in no row.
      const known = parts.filter((part) => part !== null && part !== undefined);
      if (known.length < parts.length) return;
      const key = combine(known);
      keep(index, key);
      for (const stored of index.find(key)) if (put(stored)) yield true;
    },
  };
};

/** An equality that no index answers: the column's place and what it must equal. */
type Match = { readonly ordinal: number; readonly side: Side };

/** Equalities of the table's columns with things that are known before it is read. */
export const findMatches = (
  leaf: Leaf,
  predicates: readonly Predicate[],
  known: ReadonlySet<number>,
): readonly Match[] => {
  const columns = columnsOf(leaf);
  if (columns === undefined) return [];
  return predicates.flatMap(({ equality }) => {
    if (equality === undefined) return [];
    const matches: Match[] = [];
    for (const [column, other] of [
      [equality.left, equality.right],
      [equality.right, equality.left],
    ] as const) {
      if (column.column?.slot !== leaf.slot || !isKnown(other, known, leaf.slot)) continue;
      const type = columns[column.column.ordinal]?.type;
      if (type !== undefined && canSeek(type, other.expression)) {
        matches.push({ ordinal: column.column.ordinal, side: other });
      }
    }
    return matches.slice(0, 1);
  });
};

/** The columns of a leaf whose rows are the same however often it is read in one statement. */
const columnsOf = ({ content }: Leaf): readonly { readonly type: SqlType }[] | undefined => {
  if (content.kind === 'table') return content.locked.table.columns;
  return content.kind === 'rows' ? content.fixed?.columns : undefined;
};

/** What rows must have: a key; 'none' where no row can equal it; 'unknown' where only the condition itself can say. */
type Wanted = { readonly key: IndexKey } | 'none' | 'unknown';

/**
 * Reads a table whose columns are to equal things that are known before. These are computed once, not for every row;
 * and a subquery that is opened again and again hashes the table from the third time on.
 */
export const hashedScan = (leaf: Leaf, matches: readonly Match[]): RowSource => {
  const plain = scan(leaf, undefined);
  const columns = columnsOf(leaf) ?? [];
  const ordinals = matches.map((match) => match.ordinal);
  const types = ordinals.map((ordinal) => columns[ordinal]?.type ?? { kind: 'null' as const });
  const keyOfRow = rowKey(ordinals, types);
  const makers = matches.map((match, i) => seekKey(match.side.expression, types[i] ?? { kind: 'null' }));
  const wantedBy = (frame: RowFrame): Wanted => {
    try {
      const parts = makers.map((maker) => maker(frame));
      // NULL equals nothing, and a value that the column's type cannot hold is in no row.
      const known = parts.filter((part) => part !== null && part !== undefined);
      return known.length < parts.length ? 'none' : { key: combine(known) };
    } catch (problem) {
      // It fails again where the condition is evaluated, unless another condition keeps it from that.
      if (problem instanceof SqlError) return 'unknown';
      throw problem;
    }
  };
  type State = { opens: number; hash: Map<unknown, Row[]> | undefined };
  return {
    slots: [leaf.slot],
    *open(frame) {
      const { scratch } = frame.runtime;
      const state = (scratch.get(plain) as State | undefined) ?? { opens: 0, hash: undefined };
      scratch.set(plain, state);
      if (++state.opens < 3) {
        let wanted: Wanted | undefined;
        let skipped = 0;
        for (const isRow of plain.open(frame)) {
          const row = frame.rows[leaf.slot];
          if (!isRow || row === undefined) {
            yield false;
            continue;
          }
          wanted ??= wantedBy(frame);
          if (wanted === 'unknown' || (wanted !== 'none' && keyOfRow(row) === wanted.key)) yield true;
          else if ((++skipped & 1023) === 0) yield false;
        }
        return;
      }
      if (state.hash === undefined) {
        const hash = new Map<unknown, Row[]>();
        for (const isRow of plain.open(frame)) {
          const row = frame.rows[leaf.slot];
          if (!isRow || row === undefined) {
            yield false;
            continue;
          }
          const key = keyOfRow(row);
          const bucket = hash.get(key);
          if (bucket === undefined) hash.set(key, [row]);
          else bucket.push(row);
        }
        state.hash = hash;
      }
      const wanted = wantedBy(frame);
      if (wanted === 'none') return;
      if (wanted === 'unknown') {
        yield* plain.open(frame);
        return;
      }
      for (const row of state.hash.get(wanted.key) ?? []) {
        frame.rows[leaf.slot] = row;
        yield true;
      }
    },
  };
};
