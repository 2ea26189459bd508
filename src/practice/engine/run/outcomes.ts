/** How statements end other than well, and how control passes between them. */

import type { Message } from '../results.ts';
import type { Activation } from './context.ts';

/** What comes after a statement. */
export type Flow = 'next' | 'break' | 'continue' | 'return';

/** An error on its way to a CATCH block. */
export class Raised extends Error {
  readonly error: Message;
  /** Set for errors of name resolution: the TRY of the same activation does not see them. */
  readonly boundIn: Activation | undefined;
  constructor(error: Message, boundIn: Activation | undefined) {
    super(error.text);
    this.error = error;
    this.boundIn = boundIn;
  }
}

/** Ends the whole batch. The error has been sent. */
export class BatchAborted extends Error {}

/** Ends one activation: the caller goes on with its next statement. The error has been sent. */
export class ScopeAborted extends Error {
  readonly activation: Activation;
  constructor(activation: Activation) {
    super('the scope was ended');
    this.activation = activation;
  }
}

/** What an error that no TRY catches ends. `transaction`: the batch, and the transaction is rolled back. */
export type Effect = 'statement' | 'scope' | 'batch' | 'transaction';

/**
 * Conversions that fail, deadlocks, a full log or disk, snapshot conflicts and errors in triggers end the batch and
 * the transaction;
 * other errors of a running statement end only the statement. https://www.sommarskog.se/error_handling/Part2.html
 */
const endsTransaction: ReadonlySet<number> = new Set([
  1105, 1827, 9002, 241, 242, 245, 248, 295, 296, 293, 294, 1205, 3609, 3960, 3961, 3951, 3952, 8114, 9420,
  3930, 3931, 9436, 210, 235, 244,
]);

/** Name resolution at run time and everything that is found while compiling ends the scope. */
const endsScope: ReadonlySet<number> = new Set([208, 207, 4104, 209, 213, 4121, 1087, 137]);

export const effectOf = (number: number, isCompileTime: boolean): Effect => {
  // Without room for it nothing of the batch goes on: a loop would only fail again and again.
  if (number === 701 || number === 8631) return 'batch';
  if (endsTransaction.has(number)) return number === 3930 ? 'batch' : 'transaction';
  if (isCompileTime || endsScope.has(number)) return 'scope';
  return 'statement';
};
