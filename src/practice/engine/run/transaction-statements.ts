/** BEGIN, COMMIT, ROLLBACK and SAVE TRANSACTION. */

import type { SessionStatement } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName } from '../model.ts';
import { doomed } from './connection.ts';
import type { Run } from './run.ts';

type TransactionStatement = SessionStatement & {
  readonly kind: 'begin-transaction' | 'commit' | 'rollback' | 'save-transaction';
};

export const transactionStatement = (run: Run, statement: TransactionStatement): void => {
  const { connection, sink } = run;
  connection.state.rowCount = 0n;
  const name = nameOf(run, statement.name);
  switch (statement.kind) {
    case 'begin-transaction':
      if (connection.state.transactionState === -1) throw doomed();
      // Under IMPLICIT_TRANSACTIONS the statement itself opens a transaction before it counts.
      if (connection.state.options.has('implicit_transactions') && connection.transaction === undefined) {
        connection.begin('', sink);
      }
      connection.begin(name ?? '', sink);
      return;
    case 'commit':
      connection.commit(sink);
      return;
    case 'save-transaction':
      saveTransaction(run, name ?? '');
      return;
    case 'rollback':
      rollback(run, name);
  }
};

export const saveTransaction = ({ connection }: Pick<Run, 'connection'>, name: string): void => {
  const { transaction, state } = connection;
  if (transaction === undefined || state.transactionCount === 0) {
    throw new SqlError(628, 'Cannot issue SAVE TRANSACTION when there is no active transaction.');
  }
  if (state.transactionState === -1) {
    throw new SqlError(
      3931,
      'The current transaction cannot be committed and cannot be rolled back to a savepoint. Roll back the entire transaction.',
    );
  }
  transaction.savepoints.push({ name: foldName(name), mark: transaction.mark });
};

/** Without a name, or with the outermost transaction's: all of it. With a savepoint's: back to there. */
export const rollback = (
  { connection, sink }: Pick<Run, 'connection' | 'sink'>,
  name: string | undefined,
): void => {
  const { transaction, state } = connection;
  if (transaction === undefined || state.transactionCount === 0) {
    throw new SqlError(3903, 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.');
  }
  if (name === undefined) {
    connection.rollbackAll(sink);
    return;
  }
  const folded = foldName(name);
  const place = transaction.savepoints.findLastIndex((savepoint) => savepoint.name === folded);
  const savepoint = transaction.savepoints[place];
  if (savepoint !== undefined) {
    if (state.transactionState === -1) {
      throw new SqlError(
        3931,
        'The current transaction cannot be committed and cannot be rolled back to a savepoint. Roll back the entire transaction.',
      );
    }
    transaction.savepoints.length = place + 1;
    transaction.rollbackTo(savepoint.mark);
    connection.instance.locks.released(state);
    connection.instance.catalogVersion += 1;
    return;
  }
  if (foldName(transaction.name) !== folded || name === '') {
    throw new SqlError(6401, `Cannot roll back ${name}. No transaction or savepoint of that name was found.`);
  }
  connection.rollbackAll(sink);
};

const nameOf = (run: Run, name: TransactionStatement['name']): string | undefined => {
  if (name === undefined || typeof name === 'string') return name;
  const value = run.activation.variables.get(name.variable)?.value;
  return typeof value === 'string' ? value : '';
};

/** 266 when a procedure or text leaves with another @@TRANCOUNT than it found. */
export const requireSameCount = (before: number, after: number): void => {
  if (before === after) return;
  throw new SqlError(
    266,
    `Transaction count after EXECUTE indicates a mismatching number of BEGIN and COMMIT statements. Previous count = ${before}, current count = ${after}.`,
    16,
    2,
  );
};
