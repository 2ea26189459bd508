import type { OperationContext, Outcome, Performer, Progress } from '../../plan/operation.ts';
import { delayBeforeRetry } from '../../plan/retry.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { counted } from '../../verify/checks.ts';
import { amount, rowsWord } from '../../words.ts';
import { stagePack } from './stage-pack.ts';
import { type LoadScope, type Written, writeStatement } from './statements.ts';
import type { TableSet } from './table-sets.ts';

/** Loads the pack of the run into the store database. As data it is what the pack holds, so that the journal knows it. */
export type LoadPack = {
  readonly kind: 'load-pack';
  /** The hash of what the pack holds: see manifest.ts. */
  readonly contents: string;
  readonly company: string;
  readonly jobs: readonly string[];
};

/**
 * Everything is read and checked before anything is changed; then each table set changes in one transaction. Killed in
 * between, some sets are new and the others old, and the next run finds the first ones done.
 */
export const loadPack: Performer<LoadPack> = async function* (_, context): AsyncGenerator<Progress, Outcome> {
  const { initialData, jobs, signal } = context;
  if (initialData === undefined) throw new Error('The plan loads a pack, but none was opened for it.');
  const session = await context.connect('store');
  try {
    await session.batch('SET LOCK_TIMEOUT 30000;', signal);
    const { sets, scope } = yield* stagePack(session, initialData, jobs, signal);
    const total = sets.reduce((sum, { tables }) => sum + rowsOf(tables), 0);
    let done = 0;
    const sum = { added: 0, changed: 0, gone: 0 };
    for (const set of sets) {
      for (const written of await writeSet(session, set, scope, context)) {
        sum.added += written.added;
        sum.changed += written.changed;
        sum.gone += written.gone;
      }
      done += rowsOf(set.tables);
      yield { done, total, unit: 'rows written' };
    }
    const tables = sets.reduce((count, set) => count + set.tables.length, 0);
    return {
      outcome: 'done',
      finding: {
        code: 'rows-loaded',
        message: `${counted(tables, 'table', 'tables')}: ${writtenInWords(sum)}.${scope.isShared ? sharedNotice : ''}`,
        hint: '',
      },
    };
  } finally {
    await session.close();
  }
};

const rowsOf = (tables: TableSet['tables']): number => tables.reduce((sum, { file }) => sum + file.rows, 0);

/** '12 new, 3 changed, 1 gone' */
export const writtenInWords = ({ added, changed, gone }: Written): string =>
  `${rowsWord(added)} new, ${amount(changed)} changed, ${amount(gone)} gone`;

/** Why rows of the tables that all companies share were left, although the pack does not have them. */
export const sharedNotice =
  ' The database has rows of other companies: what all companies share was added to, and nothing taken from it.';

async function writeSet(
  session: DriverSession,
  set: TableSet,
  scope: LoadScope,
  { clock, signal, hasChanged }: OperationContext,
): Promise<readonly Written[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const written = await session.query<Written>(writeStatement(set, scope), {}, signal);
      if (written.some(({ added, changed, gone }) => added + changed + gone > 0)) hasChanged();
      return written;
    } catch (error) {
      // The transaction is rolled back with every error.
      const delay = delayBeforeRetry(error, attempt);
      // Whether it was cancelled before or behind its commit nobody knows.
      if (signal.aborted) hasChanged();
      if (delay === undefined) throw error;
      await clock.sleep(delay, signal);
    }
  }
}
