/** A statement that sp_prepare has parsed. */

import type { Batch } from '../../language/syntax.ts';
import type { SqlType } from '../types.ts';

export type PreparedParameter = { readonly name: string; readonly type: SqlType; readonly isOutput: boolean };
export type Prepared = {
  readonly text: string;
  readonly batch: Batch;
  readonly parameters: readonly PreparedParameter[];
};
