/** `x IN (SELECT ...)` by hash, where the subquery does not depend on the row. */

import type { Condition } from '../../language/syntax.ts';
import { partMaker } from '../rows/index-key.ts';
import type { RowFrame } from '../run/context.ts';
import {
  type CompiledCondition,
  collatedTypes,
  commonType,
  compileExpression,
  constant,
  converter,
} from '../scalar/index.ts';
import type { Binding } from './binding.ts';
import { cachedRows } from './compiled-query.ts';
import { compileQuery } from './query.ts';

type Found = { readonly keys: ReadonlySet<unknown>; readonly hasNull: boolean };

/** undefined: the condition is none of these, and is compiled like any other. */
export const compileInSubquery = (condition: Condition, binding: Binding): CompiledCondition | undefined => {
  if (condition.kind !== 'in-query') return undefined;
  const query = compileQuery(condition.query, binding.context, binding);
  const [column] = query.columns;
  if (!query.isIndependent || column === undefined || query.columns.length !== 1) return undefined;
  const operand = compileExpression(condition.operand, binding);
  const type = commonType(collatedTypes([operand, constant(column.type, null)]));
  const own = converter(operand.type, type, { explicit: false });
  const theirs = converter(column.type, type, { explicit: false });
  const part = partMaker(type);
  const place = {};
  return (frame) => {
    const { runtime } = frame as RowFrame;
    let found = runtime.scratch.get(place) as Found | undefined;
    if (found === undefined) {
      const keys = new Set(
        cachedRows(query, frame as RowFrame).map((row) => {
          const value = row[0] ?? null;
          return value === null ? null : part(theirs(value));
        }),
      );
      found = { hasNull: keys.delete(null), keys };
      runtime.scratch.set(place, found);
    }
    if (found.keys.size === 0 && !found.hasNull) return condition.isNegated;
    const value = operand.evaluate(frame);
    if (value === null) return null;
    if (found.keys.has(part(own(value)))) return !condition.isNegated;
    return found.hasNull ? null : condition.isNegated;
  };
};
