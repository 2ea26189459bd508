/** What a statement that changes or reads data comes down to. */

import type { Collected } from '../run/collect-rows.ts';
import type { Execution, Work } from '../run/context.ts';
import type { ResultColumn, Row } from '../types.ts';
import type { Change } from './write-rows.ts';

/** CurCmd of TDS DONE tokens. */
export const commands = {
  select: 0xc1,
  insert: 0xc3,
  delete: 0xc4,
  update: 0xc5,
  merge: 0x117,
  other: 0,
} as const;

export type DataOutcome = {
  /** Rows for the client: of a SELECT, or of OUTPUT. */
  readonly result: { readonly columns: readonly ResultColumn[]; readonly rows: readonly Row[] } | undefined;
  readonly count: number;
  /** The client is told no count. */
  readonly isUncounted?: boolean;
  readonly command: number;
  /** For the AFTER triggers. */
  readonly changes: readonly Change[];
  readonly identity: bigint | undefined;
};

export type DataPlan = {
  /** Rows handed in from INSERT ... EXEC. */
  run(execution: Execution, given?: readonly Collected[]): Work<DataOutcome>;
};
