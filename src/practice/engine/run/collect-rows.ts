/** A sink that keeps the rows instead of sending them; messages and errors still go to the client. */

import type { ResultSink } from '../results.ts';
import type { Row } from '../types.ts';

export const collectRows = (client: ResultSink): { readonly sink: ResultSink; readonly rows: Row[] } => {
  const rows: Row[] = [];
  const sink: ResultSink = {
    columns: () => undefined,
    row: (row) => {
      rows.push(row);
    },
    message: (message) => client.message(message),
    statementDone: () => undefined,
    environment: (change) => client.environment(change),
    returnStatus: () => undefined,
    returnValue: () => undefined,
  };
  return { sink, rows };
};
