import type { ExpectedError } from '../errors.ts';
import { quoteName } from '../sql/identifiers.ts';
import { expressEngineEdition, isTooOld, productName } from '../sql/product.ts';
import { expressBytes, expressStopShare, megabytes, neededBytes } from './limits.ts';
import { refusal } from './refusal.ts';
import { scriptStateOf } from './script-state.ts';
import type { Situation } from './situation.ts';

export function refuseOldServer({ detected }: Situation): ExpectedError | undefined {
  const { identity } = detected.server;
  if (!isTooOld(identity.productVersion)) return undefined;
  return refusal(
    'server-too-old',
    `The server is ${productName(identity)} (${identity.productVersion}), which is older than SQL Server 2008 R2.`,
    'Use SQL Server 2008 R2 or newer.',
    { productVersion: identity.productVersion },
  );
}

/**
 * A store has one store database; a second one would split its sales. A database that is already recorded as this
 * store's is not held up by a copy that somebody restored beside it: that becomes a warning.
 */
export function refuseSecondStore({
  side,
  detected,
  contents,
  databaseName,
}: Situation): ExpectedError | undefined {
  if (side !== 'store') return undefined;
  if (contents?.identity?.storeId !== undefined) return undefined;
  const [other] = detected.otherStores.known ? detected.otherStores.value : [];
  if (other === undefined) return undefined;
  return refusal(
    'second-store-database',
    `Store ${other.storeId} already has a store database on this server: ${other.database}.`,
    `Write ${other.database} as storeDatabase.name instead of ${databaseName}, or check the store ID.`,
    { database: other.database, storeId: other.storeId },
  );
}

export function refuseRights({
  detected,
  existing,
  contents,
  databaseName,
}: Situation): ExpectedError | undefined {
  const { rights } = detected.server;
  const login = rights.known ? rights.value.login : 'this sign-in';
  if (existing === undefined && rights.known && !rights.value.mayCreateDatabase) {
    return refusal(
      'no-right-to-create',
      `${login} may not create databases on this server.`,
      `Ask the administrator of the server to run: GRANT CREATE ANY DATABASE TO ${quoteName(login)};`,
      { login },
    );
  }
  if (contents?.mayChange.known && !contents.mayChange.value) {
    return refusal(
      'no-right-to-change',
      `${login} may not change the database ${databaseName}.`,
      `Ask its owner to run, in ${databaseName}: EXEC sp_addrolemember N'db_owner', N'${login.replaceAll("'", "''")}';`,
      { login },
    );
  }
  return undefined;
}

export function refuseSpace({
  detected,
  existing,
  contents,
  databaseName,
  pack,
}: Situation): ExpectedError | undefined {
  const { freeBytes, identity } = detected.server;
  const isWorkToDo = scriptStateOf(pack, contents).pending.length > 0;
  if (isWorkToDo && freeBytes.known && freeBytes.value < neededBytes) {
    return refusal(
      'disk-full',
      `The server's disk has ${megabytes(freeBytes.value)} free; about ${megabytes(neededBytes)} are needed.`,
      'Free some space on the drive of the data files, then run this again.',
      { freeBytes: freeBytes.value },
    );
  }
  const size = existing?.dataBytes.known ? existing.dataBytes.value : 0;
  if (
    isWorkToDo &&
    identity.engineEdition === expressEngineEdition &&
    size >= expressBytes * expressStopShare
  ) {
    return refusal(
      'express-full',
      `The database ${databaseName} has ${megabytes(size)}; SQL Server Express stops at ${megabytes(expressBytes)}.`,
      'Have old transactions cleaned up, or move to another edition, before upgrading.',
      { dataBytes: size },
    );
  }
  return undefined;
}
