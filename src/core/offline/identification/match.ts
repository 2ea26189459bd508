import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import type { KnownIds } from './known-ids.ts';

/** The three ids of a register, as they were answered. */
export type RegisterIds = {
  readonly storeId: string;
  readonly registerId: string;
  readonly dataAreaId: string;
};

export type Mismatch = {
  readonly field: keyof RegisterIds;
  readonly answered: string;
  readonly known: readonly string[];
};

export type Match = {
  /** Ids that the store database knows otherwise: the set-up must not go on. */
  readonly mismatches: readonly Mismatch[];
  /** Ids that nothing is known about yet. */
  readonly warnings: readonly Finding[];
};

const kinds = [
  { field: 'storeId', kind: 'stores', word: 'Store' },
  { field: 'dataAreaId', kind: 'companies', word: 'Company' },
] as const;

/**
 * Compares without regard to case. A store or a company that is not among those of the store database is a mistake of
 * the answers, because there is one store and one company in it. A register that is not there may be a new one that
 * head office has yet to send: a warning.
 */
export function matchIds(answered: RegisterIds, known: KnownIds): Match {
  const has = (ids: readonly string[], id: string) => ids.some((each) => fold(each) === fold(id));
  const mismatches = kinds.flatMap(({ field, kind }): Mismatch[] =>
    known[kind].length === 0 || has(known[kind], answered[field])
      ? []
      : [{ field, answered: answered[field], known: known[kind] }],
  );
  const unknownIds = [
    ...kinds
      .filter(({ kind }) => known[kind].length === 0)
      .map(({ field, word }) => `${word} ${answered[field]}`),
    ...(has(known.registers, answered.registerId) ? [] : [`Register ${answered.registerId}`]),
  ];
  return {
    mismatches,
    warnings: unknownIds.map((what) => ({
      code: 'id-not-known-yet',
      message: `${what} is not in the store database yet.`,
      hint: 'Head office must use exactly this ID; run storedb verify again when its data has come.',
    })),
  };
}
