import type { ExpectedError } from '../errors.ts';
import { fold } from './detect/ask.ts';
import { refusal } from './refusal.ts';
import { ownershipOf, type Situation } from './situation.ts';

/** Whether the database that is there can be worked on at all, and is one that we may touch. */
export function refuseDatabase(situation: Situation): ExpectedError | undefined {
  return refuseState(situation) ?? refuseOwner(situation) ?? refuseOtherIdentity(situation);
}

function refuseState({ existing }: Situation): ExpectedError | undefined {
  if (existing === undefined) return undefined;
  const name = existing.name;
  if (existing.state !== 'ONLINE') {
    return refusal(
      'database-not-online',
      `The database ${name} is ${existing.state}.`,
      existing.state === 'RESTORING'
        ? 'Wait until the restore has finished, or finish it with RESTORE DATABASE ... WITH RECOVERY.'
        : 'Bring it online in SQL Server Management Studio, or choose another name.',
      { state: existing.state },
    );
  }
  if (existing.access === 'SINGLE_USER') {
    return refusal(
      'database-single-user',
      `The database ${name} is in single-user mode.`,
      'Somebody is at work on it. When that is over: ALTER DATABASE ... SET MULTI_USER.',
    );
  }
  if (existing.isReadOnly) {
    return refusal(
      'database-read-only',
      `The database ${name} is read-only.`,
      'Make it writable (ALTER DATABASE ... SET READ_WRITE), or choose another name.',
    );
  }
  if (!existing.contents.known) {
    const { reason } = existing.contents;
    // 4060 says "does not exist, or may not be opened"; here it is known to exist.
    const isMissingRight = reason.includes('(4060)');
    return refusal(
      'database-not-opened',
      `The database ${name} exists, but this sign-in ${isMissingRight ? 'may not open it.' : `cannot open it: ${reason}`}`,
      'Ask for db_owner on it, or choose another name.',
      { reason },
    );
  }
  return undefined;
}

function refuseOwner({ side, contents, databaseName, pack }: Situation): ExpectedError | undefined {
  if (contents === undefined) return undefined;
  const kind = contents.identity?.kind;
  if (kind !== undefined && kind !== side) {
    return side === 'store'
      ? refusal(
          'database-of-register',
          `The database ${databaseName} is the ${kind} database of a register, not a store database.`,
          'Choose the store database, or a new name.',
        )
      : refusal(
          'database-of-store',
          `The database ${databaseName} is a ${kind} database, not the offline database of a register.`,
          'Choose another name for the offline database, or check the server.',
        );
  }
  const ownership = ownershipOf(contents);
  if (ownership === 'head-office') {
    return refusal(
      'database-of-head-office',
      `The database ${databaseName} is a head-office database (it has SQLDICTIONARY and SYSUSERINFO).`,
      'Never set up a store in it. Choose another name.',
    );
  }
  if (ownership === 'foreign') {
    return refusal(
      'database-foreign',
      `The database ${databaseName} belongs to something else: it holds ${contents.foreignObjects === 1 ? 'an object' : `${contents.foreignObjects} objects`} that storedb did not make.`,
      'Choose another name; storedb never touches a database that it does not know.',
    );
  }
  if (ownership === 'original' && pack.name === 'builtin') {
    return refusal(
      'database-of-original-utility',
      `The database ${databaseName} was made by the product's own utility. The built-in schema is not the same, so it cannot continue it.`,
      'Point options.schemaPack to the folder with your licensed scripts, or choose another name.',
    );
  }
  if (ownership === 'original' && contents.dbVersion === undefined) {
    return refusal(
      'version-missing',
      `The database ${databaseName} does not say its version: POSISINFO has no row DBVERSION.`,
      'Find out the version and enter the row; running all scripts again would fail on the existing tables.',
    );
  }
  return undefined;
}

function refuseOtherIdentity({
  side,
  answers,
  contents,
  databaseName,
}: Situation): ExpectedError | undefined {
  const recorded = contents?.identity;
  const asked = answers.identification;
  for (const [field, words] of [
    ['storeId', 'store'],
    ['dataAreaId', 'company'],
  ] as const) {
    const before = recorded?.[field];
    const now = asked?.[field];
    if (before !== undefined && now !== undefined && fold(before) !== fold(now)) {
      return refusal(
        `other-${words}`,
        `The database ${databaseName} belongs to ${words} ${before}, not to ${now}.`,
        `Check identification.${field} and ${side}Database.name in the answers: one of the two is wrong.`,
        { recorded: before, answered: now },
      );
    }
  }
  return undefined;
}
