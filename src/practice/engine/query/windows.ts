/** Functions with OVER: ranking, offsets, and aggregates over a window. */

import type { Expression, Window, WindowFrame } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { combine, partMaker } from '../rows/index-key.ts';
import type { RowFrame } from '../run/context.ts';
import { aggregates, type Compiled, compileExpression, converter, type Source } from '../scalar/index.ts';
import type { Row, SqlType, Value } from '../types.ts';
import type { Binding } from './binding.ts';
import { type Accumulator, addRow, prepareAggregate } from './grouping.ts';
import { compareKeys } from './ordering.ts';

type Call = Expression & { readonly kind: 'call' };

/** One captured combination of rows with what the window functions need of it. */
type Member = { readonly rows: readonly Row[]; readonly results: Value[] };

/** A partition in order; `same(i, j)`: neither comes before the other in the window's order. */
type Partition = {
  readonly members: readonly Member[];
  same(i: number, j: number): boolean;
  /** Evaluates with the member's rows in the frame. */
  value(expression: Compiled, i: number): Value;
  aggregate(from: number, to: number, accumulator: Accumulator): Value;
};

type WindowFunction = {
  readonly type: SqlType;
  readonly isNullable: boolean;
  readonly partitionBy: readonly Compiled[];
  readonly orderBy: readonly { readonly key: Compiled; readonly descending: boolean }[];
  /** One value per member. */
  compute(partition: Partition): Value[];
};

export class Windows {
  private readonly binding: Binding;
  private readonly functions: WindowFunction[] = [];
  private readonly byMeaning = new Map<string, number>();
  private slot = -1;
  private isInside = false;

  constructor(binding: Binding) {
    this.binding = binding;
  }

  get isUsed(): boolean {
    return this.functions.length > 0;
  }

  computed(expression: Expression): Source | undefined {
    if (expression.kind !== 'call' || expression.over === undefined) return undefined;
    if (this.isInside) {
      throw new SqlError(
        4109,
        'Windowed functions cannot be used in the context of another windowed function or aggregate.',
        15,
      );
    }
    const meaning = this.binding.meaningOf(expression);
    let position = this.byMeaning.get(meaning);
    if (position === undefined) {
      this.isInside = true;
      try {
        this.functions.push(compileWindow(expression, expression.over, this.binding));
      } finally {
        this.isInside = false;
      }
      position = this.functions.length - 1;
      this.byMeaning.set(meaning, position);
      if (this.slot < 0) this.slot = this.binding.newSlot();
    }
    const { slot } = this;
    const place = position;
    const made = this.functions[place];
    return {
      type: made?.type ?? { kind: 'null' },
      isNullable: made?.isNullable !== false,
      read: (frame) => (frame as RowFrame).rows[slot]?.[place] ?? null,
    };
  }

  /** Collects all rows, computes, and leaves them one after another in the frame again. */
  *rows(
    source: Generator<boolean, void>,
    frame: RowFrame,
    slots: readonly number[],
  ): Generator<boolean, void> {
    const members: Member[] = [];
    for (const isRow of source) {
      if (isRow) members.push({ rows: frame.rows.slice(), results: [] });
      else yield false;
    }
    const enter = (member: Member): void => {
      for (const slot of slots) {
        const row = member.rows[slot];
        if (row !== undefined) frame.rows[slot] = row;
      }
    };
    for (const [number, made] of this.functions.entries()) {
      for (const partition of partitionsOf(made, members, frame, enter)) {
        const values = made.compute(partition);
        partition.members.forEach((member, i) => {
          member.results[number] = values[i] ?? null;
        });
        yield false;
      }
    }
    for (const member of this.inOrder(members, frame, enter)) {
      enter(member);
      frame.rows[this.slot] = member.results;
      yield true;
    }
  }

  /** Rows leave in the order of the last window, which is how a sorting executor would deliver them. */
  private *inOrder(
    members: readonly Member[],
    frame: RowFrame,
    enter: (member: Member) => void,
  ): Generator<Member, void> {
    const last = this.functions.at(-1);
    if (last === undefined) {
      yield* members;
      return;
    }
    for (const partition of partitionsOf(last, members, frame, enter)) yield* partition.members;
  }
}

const partitionsOf = (
  made: WindowFunction,
  members: readonly Member[],
  frame: RowFrame,
  enter: (member: Member) => void,
): Partition[] => {
  const parts = made.partitionBy.map((expression) => partMaker(expression.type));
  const compare = compareKeys(made.orderBy.map(({ key, descending }) => ({ type: key.type, descending })));
  const byKey = new Map<unknown, { readonly member: Member; readonly order: Value[] }[]>();
  for (const member of members) {
    enter(member);
    const key = combine(
      made.partitionBy.map((expression, i) => parts[i]?.(expression.evaluate(frame)) ?? null),
    );
    const order = made.orderBy.map((item) => item.key.evaluate(frame));
    const bucket = byKey.get(key);
    if (bucket === undefined) byKey.set(key, [{ member, order }]);
    else bucket.push({ member, order });
  }
  return [...byKey.values()].map((bucket) => {
    bucket.sort((a, b) => compare(a.order, b.order));
    const sorted = bucket.map(({ member }) => member);
    const at = (i: number): Member => sorted[i] ?? { rows: [], results: [] };
    return {
      members: sorted,
      same: (i, j) => compare(bucket[i]?.order ?? [], bucket[j]?.order ?? []) === 0,
      value: (expression, i) => {
        enter(at(i));
        return expression.evaluate(frame);
      },
      aggregate: (from, to, accumulator) => {
        const state = accumulator.bound.start();
        for (let i = from; i <= to; i++) {
          enter(at(i));
          addRow(accumulator, state, frame);
        }
        return state.finish();
      },
    };
  });
};

const bigint: SqlType = { kind: 'bigint' };

const compileWindow = (call: Call, over: Window, binding: Binding): WindowFunction => {
  const name = call.name.name.toUpperCase();
  const partitionBy = over.partitionBy.map((expression) => compileExpression(expression, binding));
  const orderBy = over.orderBy.map(({ expression, descending }) => {
    if (expression.kind === 'literal') {
      throw new SqlError(
        5308,
        'Windowed functions and NEXT VALUE FOR functions do not support integer indices as ORDER BY clause expressions.',
      );
    }
    return { key: compileExpression(expression, binding), descending };
  });
  const base = { partitionBy, orderBy };
  const needsOrder = (): void => {
    if (orderBy.length === 0) {
      throw new SqlError(4112, `The function '${name}' must have an OVER clause with ORDER BY.`, 15);
    }
  };
  const argument = (i: number): Compiled | undefined => {
    const expression = call.arguments[i];
    return expression === undefined ? undefined : compileExpression(expression, binding);
  };

  switch (name) {
    case 'ROW_NUMBER':
      needsOrder();
      return {
        ...base,
        type: bigint,
        isNullable: false,
        compute: ({ members }) => members.map((_, i) => BigInt(i + 1)),
      };
    case 'RANK':
    case 'DENSE_RANK': {
      needsOrder();
      const isDense = name === 'DENSE_RANK';
      return {
        ...base,
        type: bigint,
        isNullable: false,
        compute: ({ members, same }) => {
          let rank = 0;
          return members.map((_, i) => {
            if (i === 0 || !same(i - 1, i)) rank = isDense ? rank + 1 : i + 1;
            return BigInt(rank);
          });
        },
      };
    }
    case 'NTILE': {
      needsOrder();
      const count = argument(0);
      if (count === undefined) throw new SqlError(174, 'The ntile function requires 1 argument(s).', 15);
      return {
        ...base,
        type: bigint,
        isNullable: false,
        compute: ({ members, value }) => {
          const tiles = Number(value(count, 0) ?? 0);
          if (tiles < 1)
            throw new SqlError(4110, 'The argument type "int" is invalid for argument 1 of "NTILE".');
          const size = Math.floor(members.length / tiles);
          const larger = members.length % tiles;
          return members.map((_, i) =>
            BigInt(
              i < larger * (size + 1)
                ? Math.floor(i / (size + 1)) + 1
                : larger + Math.floor((i - larger * (size + 1)) / size) + 1,
            ),
          );
        },
      };
    }
    case 'LAG':
    case 'LEAD': {
      needsOrder();
      const of = argument(0);
      const distance = argument(1);
      const fallback = argument(2);
      if (of === undefined) throw new SqlError(189, `The ${name} function requires 1 to 3 arguments.`, 15);
      const convert =
        fallback === undefined ? undefined : converter(fallback.type, of.type, { explicit: false });
      return {
        ...base,
        type: of.type,
        isNullable: true,
        compute: ({ members, value }) =>
          members.map((_, i) => {
            const step = distance === undefined ? 1 : Number(value(distance, i) ?? 0);
            const target = name === 'LAG' ? i - step : i + step;
            if (target >= 0 && target < members.length) return value(of, target);
            return fallback === undefined ? null : (convert?.(value(fallback, i)) ?? null);
          }),
      };
    }
    case 'FIRST_VALUE':
    case 'LAST_VALUE': {
      needsOrder();
      const of = argument(0);
      if (of === undefined)
        throw new SqlError(174, `The ${name.toLowerCase()} function requires 1 argument(s).`, 15);
      return {
        ...base,
        type: of.type,
        isNullable: true,
        compute: (partition) =>
          partition.members.map((_, i) => {
            const [from, to] = boundsOf(over.frame, partition, i, true);
            return from > to ? null : partition.value(of, name === 'FIRST_VALUE' ? from : to);
          }),
      };
    }
    default:
      break;
  }
  const aggregate = aggregates.get(name);
  if (aggregate === undefined) throw new Refusal(`${name} with OVER`);
  if (call.distinct === true)
    throw new SqlError(10759, 'Use of DISTINCT is not allowed with the OVER clause.', 15);
  const accumulator = prepareAggregate(call, aggregate, binding);
  return {
    ...base,
    type: accumulator.bound.type,
    isNullable: accumulator.isNullable,
    compute: (partition) => {
      const count = partition.members.length;
      if (orderBy.length === 0) {
        const value = partition.aggregate(0, count - 1, accumulator);
        return partition.members.map(() => value);
      }
      let last: { readonly from: number; readonly to: number; readonly value: Value } | undefined;
      return partition.members.map((_, i) => {
        const [from, to] = boundsOf(over.frame, partition, i, true);
        if (last?.from !== from || last.to !== to) {
          last = { from, to, value: partition.aggregate(from, to, accumulator) };
        }
        return last.value;
      });
    },
  };
};

/** First and last member of the frame of member `i`. RANGE takes in those that the order does not tell apart. */
const boundsOf = (
  frame: WindowFrame | undefined,
  { members, same }: Partition,
  i: number,
  isOrdered: boolean,
): readonly [number, number] => {
  const last = members.length - 1;
  if (!isOrdered) return [0, last];
  const isRange = frame === undefined || frame.unit === 'range';
  const bound = (which: WindowFrame['from'], isEnd: boolean): number => {
    switch (which.kind) {
      case 'unbounded-preceding':
        return 0;
      case 'unbounded-following':
        return last;
      case 'current-row': {
        let at = i;
        if (isRange) {
          while (isEnd && at < last && same(at, at + 1)) at++;
          while (!isEnd && at > 0 && same(at, at - 1)) at--;
        }
        return at;
      }
      case 'preceding':
        return i - which.rows;
      case 'following':
        return i + which.rows;
    }
  };
  const from = frame?.from ?? { kind: 'unbounded-preceding' };
  const to = frame?.to ?? { kind: 'current-row' };
  return [Math.max(0, bound(from, false)), Math.min(last, bound(to, true))];
};
