/** One request of a client being executed: where its answers go, and what the statements of an activation share. */

import type { ResultSink } from '../results.ts';
import type { Connection } from './connection.ts';
import type { Activation } from './context.ts';

export type Run = {
  readonly connection: Connection;
  readonly activation: Activation;
  readonly sink: ResultSink;
  readonly signal: AbortSignal;
};

/** A new activation; what is not said is empty. */
export const newActivation = (
  fields: Partial<Activation> & Pick<Activation, 'caller' | 'isInner'>,
): Activation => ({
  variables: new Map(),
  tables: new Map(),
  temporary: new Map(),
  trigger: undefined,
  procedure: undefined,
  result: { status: 0 },
  home: fields.caller?.home,
  hasOwnerRights: fields.caller?.hasOwnerRights ?? false,
  ...fields,
});
