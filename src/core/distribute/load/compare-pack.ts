import type { Progress } from '../../plan/operation.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { InitialData } from '../initial-data.ts';
import type { Job } from '../job.ts';
import { stagePack } from './stage-pack.ts';
import { compareStatement, type Written } from './statements.ts';

/** What a load would write. */
export type PackComparison = {
  readonly tables: readonly (Written & { readonly table: string })[];
  /** See `LoadScope`. */
  readonly isShared: boolean;
};

/** Reads and checks a pack as a load does, and counts what it would write. Changes nothing. */
export async function* comparePack(
  session: DriverSession,
  initialData: InitialData,
  jobs: readonly Job[],
  signal: AbortSignal,
): AsyncGenerator<Progress, PackComparison> {
  const { sets, scope } = yield* stagePack(session, initialData, jobs, signal);
  const tables: (Written & { readonly table: string })[] = [];
  for (const set of sets) {
    const counts = await session.query<Written>(compareStatement(set, scope), {}, signal);
    for (const [index, { file }] of set.tables.entries()) {
      const { added, changed, gone } = counts[index] ?? { added: 0, changed: 0, gone: 0 };
      tables.push({ table: file.table, added, changed, gone });
    }
  }
  return { tables, isShared: scope.isShared };
}
