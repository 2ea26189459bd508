import { ExpectedError } from '../../errors.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { ParkReason } from '../window/park.ts';

/** The two databases of a register; undefined = out of reach, or not asked. Without `offline`, of all registers. */
export type ConflictSides = {
  readonly store: SqlSession | undefined;
  readonly offline: SqlSession | undefined;
};

/** A row that is parked: it came from the other side and was not applied. */
export type ConflictSummary = {
  /** 'S12' = number 12 in the store database, 'R3' = number 3 in the register's; what a technician types. */
  readonly id: string;
  /** Where it was to be applied, and is parked. */
  readonly where: 'store' | 'offline';
  readonly scope: string;
  readonly table: string;
  /** 'TRANSACTIONID=000123, STORE=HOUSTON' */
  readonly key: string;
  /** 'only-copy' = the register no longer has this version of the row. */
  readonly reason: ParkReason | 'only-copy';
  readonly message: string;
  /** SQL Server's number, of an 'error'. */
  readonly errorNumber: number | undefined;
  /** How many windows have tried to apply it. */
  readonly attempts: number;
  readonly parkedUtc: Date;
  /** It was marked to be tried again by the next cycle. */
  readonly isMarked: boolean;
};

export const openStates = "Status IN (N'parked', N'retry')";

/** The side and the number that an id names. */
export function placeOf(id: string): { readonly where: ConflictSummary['where']; readonly number: number } {
  const [, side, digits] = /^([SR])(\d{1,9})$/i.exec(id.trim()) ?? [];
  if (side === undefined) throw unknownConflict(id);
  return { where: side.toUpperCase() === 'S' ? 'store' : 'offline', number: Number(digits) };
}

export const idOf = (where: ConflictSummary['where'], number: number): string =>
  `${where === 'store' ? 'S' : 'R'}${number}`;

/** The session of the side that an id names. Throws where that side is out of reach. */
export function sessionOf(sides: ConflictSides, where: ConflictSummary['where'], id: string): SqlSession {
  const session = sides[where];
  if (session !== undefined) return session;
  throw new ExpectedError({
    code: 'conflict-out-of-reach',
    exit: 'connection',
    message: `${id} is parked in the ${where === 'store' ? 'store' : 'offline'} database, which cannot be reached.`,
    hint: 'Bring that server back and try again.',
  });
}

export const unknownConflict = (id: string): ExpectedError =>
  new ExpectedError({
    code: 'conflict-unknown',
    exit: 'usage',
    message: `No parked row has the number ${id}.`,
    hint: 'See the numbers with: storedb sync conflicts list',
  });
