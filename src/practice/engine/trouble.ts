/** Where an engine can be made to fail as real servers do. Only tests set it; without it nothing here is asked. */

import type { SessionState } from './model.ts';

/** The connection is to end in this moment, without an answer, as when the server dies or the cable is pulled. */
export class ConnectionBroken extends Error {}

export type Trouble = {
  /** Before a statement writes data or definitions. Throws the SqlError that it ends with, or ConnectionBroken. */
  write(session: SessionState): void;
  /** Around the commit of work, be it a transaction's or one statement's. Throws ConnectionBroken. */
  commit(moment: 'before' | 'after', session: SessionState): void;
};
