import { TYPES } from 'tedious';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { type Change, changeSql } from './change.ts';
import type { Place } from './small-shop.ts';

/**
 * Makes the change in a transaction that it leaves open. What cannot be done rolls it back and says so: the code is
 * taken, somebody else holds the row, the server suffers a failure.
 */
export async function begin(session: DriverSession, change: Change, at: Place): Promise<boolean> {
  try {
    await session.batch('BEGIN TRANSACTION');
    if (change.does === 'bulk' && change.on !== 'SALE') await load(session, change);
    else await session.batch(changeSql(change, at));
    return true;
  } catch {
    await end(session, true);
    return false;
  }
}

/** False when nobody can say that it was committed. */
export async function end(session: DriverSession, isUndone: boolean): Promise<boolean> {
  try {
    await session.batch(isUndone ? 'IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION' : 'COMMIT TRANSACTION');
    return true;
  } catch {
    return false;
  }
}

/** A bulk load as a careful program does it: triggers and constraints are heard. */
function load(session: DriverSession, change: Change & { readonly does: 'insert' | 'bulk' }): Promise<void> {
  const { on, ids, value } = change;
  return session.withDriver(
    (connection) =>
      new Promise<void>((resolve, reject) => {
        const options = { fireTriggers: true, checkConstraints: true, keepNulls: true };
        const bulk = connection.newBulkLoad(`dbo.${on}`, options, (error) =>
          error ? reject(error) : resolve(),
        );
        if (on === 'ITEM') bulk.addColumn('ITEMID', TYPES.NVarChar, { nullable: false, length: 10 });
        else bulk.addColumn('ID', TYPES.Int, { nullable: false });
        bulk.addColumn('CODE', TYPES.NVarChar, { nullable: false, length: 20 });
        bulk.addColumn('NAME', TYPES.NVarChar, { nullable: true, length: 30 });
        const rows = ids.map((id) => [on === 'ITEM' ? `I${id}` : id, `C${change.code ?? id}`, value.name]);
        connection.execBulkLoad(bulk, rows);
      }),
  );
}
