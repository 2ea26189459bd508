import type { Answers } from '../../answers/answers.ts';
import type { ExpectedError } from '../../errors.ts';
import type { KnownIds } from '../../offline/identification/known-ids.ts';
import { matchIds, type RegisterIds } from '../../offline/identification/match.ts';
import type { Refusal } from '../planner.ts';
import { refusal } from '../refusal.ts';
import { refuseDatabase } from '../refuse-database.ts';
import { refuseSchema } from '../refuse-schema.ts';
import { scriptStateOf } from '../script-state.ts';
import { ownershipOf, type Situation } from '../situation.ts';

/** What keeps a register from being set up on a store database; the store database itself is not changed by that. */
export const refuseStore: readonly Refusal[] = [
  refuseMissing,
  refuseDatabase,
  refuseNotStore,
  refuseSchema,
  refuseOlder,
];

function refuseMissing({ existing, databaseName, database }: Situation): ExpectedError | undefined {
  if (existing !== undefined) return undefined;
  return refusal(
    'store-database-missing',
    `There is no database ${databaseName} on ${database.server}.`,
    'Set up the store database first (task: store-database), or check its server and name.',
  );
}

function refuseNotStore({ contents, databaseName }: Situation): ExpectedError | undefined {
  const ownership = ownershipOf(contents);
  if (ownership === 'ours' && contents?.identity !== undefined) return undefined;
  return refusal(
    'store-database-unfinished',
    ownership === 'ours'
      ? `The set-up of the store database ${databaseName} was begun and not finished.`
      : `The database ${databaseName} is not a store database that storedb has set up.`,
    'Run the task store-database for it first, or check the name.',
  );
}

function refuseOlder({ contents, databaseName, pack }: Situation): ExpectedError | undefined {
  const { pending, toRecord } = scriptStateOf(pack, contents);
  if (pending.length === 0 && toRecord.length === 0) return undefined;
  return refusal(
    'store-database-older',
    `The store database ${databaseName} has version ${contents?.dbVersion ?? 'unknown'}, which is older than this storedb's tables.`,
    'Upgrade the store database first (task: store-database); registers follow it.',
    { pending: pending.length },
  );
}

/** The three ids of a register's answers. The schema of the answers asks for them. */
export function registerIdsOf({ identification }: Answers): RegisterIds {
  const { storeId, registerId, dataAreaId } = identification ?? {};
  if (storeId === undefined || registerId === undefined || dataAreaId === undefined)
    throw new Error('The answers of a register have no identification.');
  return { storeId, registerId, dataAreaId };
}

/** Throws when the store database knows other ids; gives the warnings about those it does not know yet. */
export function checkIds(ids: RegisterIds, known: KnownIds) {
  const { mismatches, warnings } = matchIds(ids, known);
  const [first] = mismatches;
  if (first === undefined) return warnings;
  const word = first.field === 'storeId' ? 'Store' : 'Company';
  throw refusal(
    'id-does-not-match',
    `${word} ${first.answered} is not in the store database, which holds ${listed(first.known)}.`,
    `Write one of them as identification.${first.field}, or check that this is the right store database.`,
    { answered: first.answered },
  );
}

function listed(ids: readonly string[]): string {
  const some = ids.slice(0, 5).join(', ');
  return ids.length > 5 ? `${some} and ${ids.length - 5} more` : some;
}
