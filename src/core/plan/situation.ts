import type { Answers, DatabaseAnswers } from '../answers/answers.ts';
import type { SchemaPack } from '../schema/pack.ts';
import type { DatabaseContents, DetectedDatabase, DetectedSide } from './detected.ts';
import type { DatabaseTarget } from './plan.ts';

/** A set-up has one or two sides: the store's server, and the register's. */
export type Side = DatabaseTarget['role'];

/** What every rule of the planner looks at: one database, what was asked for and what is there. */
export type Situation = {
  readonly side: Side;
  readonly answers: Answers;
  /** What the answers say about this side. */
  readonly database: DatabaseAnswers;
  readonly detected: DetectedSide;
  readonly pack: SchemaPack;
  /** As the server writes it, or as it will be created. */
  readonly databaseName: string;
  /** Undefined when there is no such database yet. */
  readonly existing: Extract<DetectedDatabase, { exists: true }> | undefined;
  /** Undefined when there is no such database yet, or it could not be opened (which is refused). */
  readonly contents: DatabaseContents | undefined;
};

export function situationOf(
  side: Side,
  answers: Answers,
  detected: DetectedSide,
  pack: SchemaPack,
): Situation {
  const database = databaseOf(side, answers);
  const existing = detected.database.exists ? detected.database : undefined;
  return {
    side,
    answers,
    database,
    detected,
    pack,
    databaseName: existing?.name ?? database.name,
    existing,
    contents: existing?.contents.known ? existing.contents.value : undefined,
  };
}

/** What the answers say about a side. Throws for the offline side of a task that has none: a fault of the caller. */
export function databaseOf(side: Side, { storeDatabase, offlineDatabase }: Answers): DatabaseAnswers {
  if (side === 'store') return storeDatabase;
  if (offlineDatabase === undefined) throw new Error('These answers have no offline database.');
  return offlineDatabase;
}

export function targetOf({ side, database, databaseName }: Situation): DatabaseTarget {
  return { role: side, server: database.server, database: databaseName };
}

/** Whose database it is. `ours` has our journal; `original` was made by the product's own utility. */
export type Ownership = 'absent' | 'empty' | 'ours' | 'original' | 'head-office' | 'foreign';

export function ownershipOf(contents: DatabaseContents | undefined): Ownership {
  if (contents === undefined) return 'absent';
  if (contents.isHeadOffice) return 'head-office';
  if (contents.bookkeeping.includes('journal')) return 'ours';
  if (contents.hasPosInfo) return 'original';
  return contents.foreignObjects === 0 ? 'empty' : 'foreign';
}
