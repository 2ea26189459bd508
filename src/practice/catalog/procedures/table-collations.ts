/** sp_tablecollations_90 and _100: what SqlBulkCopy asks so that its INSERT BULK names each column's collation. */

import type { SystemProcedure } from '../../engine/extension.ts';
import type { ResultColumn } from '../../engine/types.ts';
import { SERVER_COLLATION, wireCollation } from '../../tds/collation.ts';
import { locate } from '../objects.ts';
import { nameArgument } from './procedure-arguments.ts';

const columns: readonly ResultColumn[] = [
  { name: 'colid', type: { kind: 'int' }, isNullable: false },
  { name: 'name', type: { kind: 'nvarchar', length: 128, collation: SERVER_COLLATION }, isNullable: true },
  { name: 'tds_collation', type: { kind: 'binary', length: 5 }, isNullable: true },
  {
    name: 'collation',
    type: { kind: 'nvarchar', length: 128, collation: SERVER_COLLATION },
    isNullable: true,
  },
];

/** A row for each column, NULL collations for what is no text. No rows when there is no such table; views are loaded by nobody here. */
const tableCollations = (name: string): SystemProcedure => ({
  name,
  parameters: ['object'],
  execute: async (invocation) => {
    const object = locate(nameArgument(invocation, name, 'object'), invocation.runtime)?.object;
    const listed = object?.kind === 'table' ? object.columns : [];
    invocation.rows(
      columns,
      listed.map((column) => {
        const { collation } = column.type;
        const bytes = collation === undefined ? null : Buffer.from(wireCollation(collation).bytes);
        return [column.id, column.name, bytes, collation ?? null];
      }),
    );
    return 0;
  },
});

export const tableCollationProcedures: readonly SystemProcedure[] = [
  tableCollations('sp_tablecollations_90'),
  tableCollations('sp_tablecollations_100'),
];
