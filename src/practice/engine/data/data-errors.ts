/** Errors that several statements raise alike. */

import { SqlError } from '../extension.ts';

export const assignedTwice = (column: string | undefined): SqlError =>
  new SqlError(
    264,
    `The column name '${column}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once. If this statement updates or inserts columns into a view, column aliasing can conceal the duplication in your code.`,
  );

/** More or fewer values than columns. */
export const wrongWidth = (columns: number, values: number, kind: 'values' | 'select'): SqlError => {
  if (kind === 'values') {
    return values < columns
      ? new SqlError(
          109,
          'There are more columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
          15,
        )
      : new SqlError(
          110,
          'There are fewer columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
          15,
        );
  }
  return values < columns
    ? new SqlError(
        120,
        'The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.',
        15,
      )
    : new SqlError(
        121,
        'The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.',
        15,
      );
};
