/** Failures that a test asks a practice server for. Plain data, so that they can be sent to another process. */

/** Errors of a server in trouble, as sys.messages has them. */
export type TroubleName = 'deadlock-victim' | 'log-full' | 'database-full' | 'size-limit' | 'read-only';

/**
 * Where a failure strikes and what it does. `drop` tears the connection down without an answer; `lose` swallows one
 * packet and says nothing.
 */
export type FaultPlace =
  /** The login is refused with this error: 18456, 18401, 17809... */
  | { readonly at: 'login'; readonly does: 'refuse'; readonly number: number; readonly text: string }
  /** The connection ends when the login packet is here. */
  | { readonly at: 'login'; readonly does: 'drop' }
  /** The answer to the login, or the work of a request, comes later. */
  | { readonly at: 'login' | 'request'; readonly does: 'delay'; readonly milliseconds: number }
  /** A packet of any connection; `type` as in protocol.ts (1 batch, 3 RPC, 4 response, 7 bulk load, 16 login). */
  | {
      readonly at: 'packet';
      readonly direction: 'in' | 'out';
      readonly type?: number;
      readonly does: 'lose' | 'drop';
    }
  /** A row of a bulk load. With `drop` the connection ends once the client has sent the rest of its rows. */
  | { readonly at: 'bulk-row'; readonly does: TroubleName | 'drop' }
  /** Work becomes permanent: before that moment nothing of it stays, after it only the answer is lost. */
  | {
      readonly at: 'commit';
      readonly moment: 'before' | 'after';
      readonly does: 'drop';
      readonly database?: string;
    }
  /** A statement that changes data or definitions begins. */
  | { readonly at: 'write'; readonly does: TroubleName | 'drop'; readonly database?: string };

export type Fault = FaultPlace & {
  /** How many of these moments pass unharmed first; 0 when left out. */
  readonly skip?: number;
  /** How many times it strikes after that; once when left out, 0 = until it is taken away. */
  readonly times?: number;
};
