import { type Checked, known, unknown } from '../detected.ts';
import { statementFailure } from '../sql-error.ts';

/**
 * Asks one question alone: a statement that the server refuses (a missing right, view or function) makes the answer
 * unknown with the server's reason. A lost connection, a cancellation and bugs go on as they are.
 */
export async function ask<Value>(question: () => Promise<Value>): Promise<Checked<Value>> {
  try {
    return known(await question());
  } catch (error) {
    const failure = statementFailure(error);
    if (failure === undefined) throw error;
    return unknown(failure.message);
  }
}

/** The first row of an answer that always has one. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('The server answered a question about itself with no row.');
  return row;
}

/** Engines write names of the catalog in other cases than they were created with, so names are compared folded. */
export const fold = (name: string): string => name.toLowerCase();
