import type { Batch, DatabaseTarget } from '../plan.ts';

export type Target = DatabaseTarget;

/** A batch that the plan itself makes; it stands in no script. */
export const planned = (sql: string): Batch => ({ sql, line: 0 });
