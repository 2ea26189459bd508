/** ALTER TABLE. */

import type { DefinitionStatement, Statement } from '../../language/syntax.ts';
import { Refusal } from '../extension.ts';
import type { Work } from '../run/context.ts';
import type { Change } from './change.ts';

export function* alterTable(
  change: Change,
  statement: Statement & DefinitionStatement & { readonly kind: 'alter-table' },
): Work<void> {
  yield;
  void change;
  throw new Refusal(`ALTER TABLE (${statement.change.kind})`);
}
