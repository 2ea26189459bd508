/** A sink that keeps the rows instead of sending them; messages and errors still go to the client. */

import type { ResultSink } from '../results.ts';
import type { ResultColumn, Row } from '../types.ts';

export type Collected = { readonly columns: readonly ResultColumn[]; readonly rows: Row[] };

export const collectRows = (
  client: ResultSink,
): { readonly sink: ResultSink; readonly sets: readonly Collected[] } => {
  const sets: Collected[] = [];
  const sink: ResultSink = {
    columns: (columns) => {
      sets.push({ columns, rows: [] });
    },
    row: (row) => {
      sets.at(-1)?.rows.push(row);
    },
    message: (message) => client.message(message),
    statementDone: () => undefined,
    environment: (change) => client.environment(change),
    returnStatus: () => undefined,
    returnValue: () => undefined,
  };
  return { sink, sets };
};
