/** GROUP BY and aggregates. */

import type { Expression } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { combine, partMaker } from '../rows/index-key.ts';
import type { RowFrame } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import {
  type Aggregate,
  aggregates,
  type BoundAggregate,
  type Compiled,
  compileExpression,
  type Source,
} from '../scalar/index.ts';
import type { Row, Value } from '../types.ts';
import type { Binding, GroupedMode, ResolvedColumn } from './binding.ts';
import { contains } from './syntax-walk.ts';

type Call = Expression & { readonly kind: 'call' };
type GroupState = ReturnType<BoundAggregate['start']>;

/** The aggregate that the call names; windowed ones are not counted. */
export const aggregateOf = (expression: { readonly kind: string }): Aggregate | undefined => {
  const call = expression as Call;
  if (call.kind !== 'call' || call.over !== undefined || call.name.schema !== undefined) return undefined;
  return aggregates.get(call.name.name.toUpperCase());
};

export const hasAggregate = (expression: Expression): boolean =>
  contains(expression, (node) => aggregateOf(node) !== undefined);

/** One aggregate of a query, ready to count rows. */
export type Accumulator = {
  readonly argument: Compiled | undefined;
  /** The separator of STRING_AGG. */
  readonly extra: Compiled | undefined;
  readonly isDistinct: boolean;
  readonly isNullable: boolean;
  readonly bound: BoundAggregate;
};

export const prepareAggregate = (call: Call, aggregate: Aggregate, binding: Binding): Accumulator => {
  if (call.withinGroup !== undefined) throw new Refusal('WITHIN GROUP');
  const compiled =
    call.star === true ? [] : call.arguments.map((argument) => compileExpression(argument, binding));
  if (call.star !== true && compiled.length !== aggregate.arguments) {
    throw new SqlError(
      174,
      `The ${aggregate.name.toLowerCase()} function requires ${aggregate.arguments} argument(s).`,
      15,
    );
  }
  return {
    argument: compiled[0],
    extra: compiled[1],
    isDistinct: call.distinct === true,
    isNullable: !aggregate.name.startsWith('COUNT'),
    bound: aggregate.bind(call.star === true ? [{ kind: 'int' }] : compiled.map((argument) => argument.type)),
  };
};

/** Adds the current row of the frame. */
export const addRow = (accumulator: Accumulator, state: GroupState, frame: RowFrame): void => {
  const { argument, extra } = accumulator;
  if (extra !== undefined) state.add(argument?.evaluate(frame) ?? null, extra.evaluate(frame));
  else state.add(argument === undefined ? 1 : argument.evaluate(frame));
};

type State = { readonly states: readonly GroupState[]; readonly seen: readonly (Set<unknown> | undefined)[] };

export class Grouping implements GroupedMode {
  clause: GroupedMode['clause'] = 'select';
  readonly slot: number;
  private readonly binding: Binding;
  private readonly keys: readonly Compiled[];
  private readonly byMeaning = new Map<string, number>();
  private readonly byColumn = new Map<string, number>();
  private readonly accumulators: Accumulator[] = [];
  private readonly aggregatesByMeaning = new Map<string, number>();
  private readonly isKeyless: boolean;

  constructor(binding: Binding, groupBy: readonly Expression[]) {
    this.binding = binding;
    this.isKeyless = groupBy.length === 0;
    this.keys = groupBy.map((expression, i) => {
      if (hasAggregate(expression) || contains(expression, (node) => node.kind === 'subquery')) {
        throw new SqlError(
          144,
          'Cannot use an aggregate or a subquery in an expression used for the group by list of a GROUP BY clause.',
          15,
        );
      }
      if (expression.kind === 'literal') {
        throw new SqlError(
          164,
          'Each GROUP BY expression must contain at least one column that is not an outer reference.',
          15,
        );
      }
      this.byMeaning.set(binding.meaningOf(expression), i);
      const column = expression.kind === 'column' ? binding.resolve(expression.parts) : undefined;
      if (column !== undefined) this.byColumn.set(`${column.table.slot}.${column.ordinal}`, i);
      return compileExpression(expression, binding);
    });
    this.slot = binding.newSlot();
  }

  private keySource(position: number): Source {
    const { slot } = this;
    const key = this.keys[position];
    return {
      type: key?.type ?? { kind: 'null' },
      isNullable: key?.isNullable !== false,
      read: (frame) => (frame as RowFrame).rows[slot]?.[position] ?? null,
    };
  }

  column({ table, ordinal }: ResolvedColumn): Source | undefined {
    const position = this.byColumn.get(`${table.slot}.${ordinal}`);
    return position === undefined ? undefined : this.keySource(position);
  }

  computed(expression: Expression): Source | undefined {
    const aggregate = aggregateOf(expression);
    if (aggregate !== undefined) return this.aggregateSource(expression as Call, aggregate);
    if (this.isKeyless || expression.kind === 'literal' || expression.kind === 'variable') return undefined;
    const position = this.byMeaning.get(this.binding.meaningOf(expression));
    return position === undefined ? undefined : this.keySource(position);
  }

  private aggregateSource(call: Call, aggregate: Aggregate): Source {
    const meaning = this.binding.meaningOf(call);
    let number = this.aggregatesByMeaning.get(meaning);
    if (number === undefined) {
      // The argument is about single rows, not about groups.
      this.binding.grouped = undefined;
      try {
        if (call.arguments.some((argument) => hasAggregate(argument))) {
          throw new SqlError(
            130,
            'Cannot perform an aggregate function on an expression containing an aggregate or a subquery.',
          );
        }
        this.accumulators.push(prepareAggregate(call, aggregate, this.binding));
      } finally {
        this.binding.grouped = this;
      }
      number = this.accumulators.length - 1;
      this.aggregatesByMeaning.set(meaning, number);
    }
    const made = this.accumulators[number];
    const position = this.keys.length + number;
    const { slot } = this;
    return {
      type: made?.bound.type ?? { kind: 'null' },
      isNullable: made?.isNullable !== false,
      read: (frame) => (frame as RowFrame).rows[slot]?.[position] ?? null,
    };
  }

  /** Reads all rows of the source and puts one row per group into the grouping's slot. */
  *groups(source: Generator<boolean, void>, frame: RowFrame): Generator<boolean, void> {
    const parts = this.keys.map((key) => partMaker(key.type));
    const groups = new Map<unknown, { readonly keys: Row; readonly state: State }>();
    const start = (): State => ({
      states: this.accumulators.map(({ bound }) => bound.start()),
      seen: this.accumulators.map(({ isDistinct }) => (isDistinct ? new Set() : undefined)),
    });
    if (this.isKeyless) groups.set(null, { keys: [], state: start() });
    for (const isRow of source) {
      if (!isRow) {
        yield false;
        continue;
      }
      const keys: Value[] = this.keys.map((key) => key.evaluate(frame));
      const key = this.isKeyless ? null : combine(keys.map((value, i) => parts[i]?.(value) ?? null));
      let group = groups.get(key);
      if (group === undefined) {
        group = { keys, state: start() };
        groups.set(key, group);
      }
      for (let i = 0; i < this.accumulators.length; i++) {
        const accumulator = this.accumulators[i];
        if (accumulator !== undefined) addTo(accumulator, group.state, i, frame);
      }
      if (pace.isOverdue) yield false;
    }
    for (const { keys, state } of groups.values()) {
      frame.rows[this.slot] = [...keys, ...state.states.map((finished) => finished.finish())];
      yield true;
    }
  }
}

const addTo = (accumulator: Accumulator, state: State, i: number, frame: RowFrame): void => {
  const seen = state.seen[i];
  const group = state.states[i];
  if (group === undefined) return;
  if (seen !== undefined && accumulator.argument !== undefined) {
    const value = accumulator.argument.evaluate(frame);
    const key = partMaker(accumulator.argument.type)(value);
    if (value === null || seen.has(key)) return;
    seen.add(key);
  }
  addRow(accumulator, group, frame);
};
