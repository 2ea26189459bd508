import type { Answers } from '../answers/answers.ts';
import type { SchemaPack } from '../schema/pack.ts';
import type { DatabaseContents, DetectedDatabase, DetectedStore } from './detected.ts';

/** What every rule of the planner looks at. */
export type Situation = {
  readonly answers: Answers;
  readonly detected: DetectedStore;
  readonly pack: SchemaPack;
  /** As the server writes it, or as it will be created. */
  readonly databaseName: string;
  /** Undefined when there is no such database yet. */
  readonly existing: Extract<DetectedDatabase, { exists: true }> | undefined;
  /** Undefined when there is no such database yet, or it could not be opened (which is refused). */
  readonly contents: DatabaseContents | undefined;
};

export function situationOf(answers: Answers, detected: DetectedStore, pack: SchemaPack): Situation {
  const existing = detected.database.exists ? detected.database : undefined;
  return {
    answers,
    detected,
    pack,
    databaseName: existing?.name ?? answers.storeDatabase.name,
    existing,
    contents: existing?.contents.known ? existing.contents.value : undefined,
  };
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
