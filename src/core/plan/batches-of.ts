import type { Action, Batch } from './plan.ts';

/** The T-SQL of an action, in the order in which it is sent; none for an operation, which tells what it does in words. */
export function batchesOf(action: Action): readonly Batch[] {
  switch (action.kind) {
    case 'verify':
      return [action.check];
    case 'run-units':
      return action.units.flatMap(({ batches }) => batches);
    case 'operation':
      return [];
    default:
      return action.batches;
  }
}
