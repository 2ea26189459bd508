/** Indexes, their columns, and what they hold. */

import type { Runtime, SystemView } from '../../engine/extension.ts';
import type { Database, Index, Table } from '../../engine/model.ts';
import { conditionDefinition } from '../definition-text.ts';
import { ofKind } from '../objects.ts';
import { requirePermission } from '../permissions.ts';
import { pagesOf } from '../storage-size.ts';
import {
  bigint,
  bit,
  constants,
  defineView,
  definition,
  description,
  int,
  orNull,
  sysname,
  tinyint,
} from '../view-definition.ts';

/** An index, or (without one) the heap of a table that has no clustered index. */
type IndexRow = { readonly table: Table; readonly index: Index | undefined };

function* indexesOf(runtime: Runtime, database: Database): Generator<IndexRow> {
  for (const table of ofKind('table')(runtime, database)) {
    if (!table.indexes.some((index) => index.isClustered)) yield { table, index: undefined };
    for (const index of table.indexes.toSorted((a, b) => a.id - b.id)) yield { table, index };
  }
}

const option = (row: IndexRow, name: string, otherwise: boolean): boolean => {
  const value = row.index?.options[name];
  return typeof value === 'boolean' ? value : otherwise;
};

function* indexColumns(runtime: Runtime, database: Database) {
  for (const { table, index } of indexesOf(runtime, database)) {
    if (index === undefined) continue;
    const keys = index.columns.map(({ columnId, descending }, position) => ({
      columnId,
      descending,
      key: position + 1,
    }));
    const included = index.include.map((columnId) => ({ columnId, descending: false, key: 0 }));
    for (const [position, column] of [...keys, ...included].entries()) {
      yield { table, index, position: position + 1, ...column };
    }
  }
}

/** A number of one partition: the table's rows are in every index of it. */
const partitionId = ({ table, index }: IndexRow): bigint =>
  72_057_594_037_927_936n + BigInt(table.id) * 256n + BigInt(index?.id ?? 0);

const rowCount = ({ table }: IndexRow): bigint => BigInt(table.storage.rowCount);

const pages = (row: IndexRow): bigint => BigInt(pagesOf(row.table));

export const indexViews: readonly SystemView[] = [
  defineView(
    'sys.indexes',
    indexesOf,
  )([
    int('object_id', ({ table }) => table.id),
    orNull(sysname('name', ({ index }) => index?.name ?? null)),
    int('index_id', ({ index }) => index?.id ?? 0),
    tinyint('type', ({ index }) => (index === undefined ? 0 : index.isClustered ? 1 : 2)),
    description('type_desc', ({ index }) =>
      index === undefined ? 'HEAP' : index.isClustered ? 'CLUSTERED' : 'NONCLUSTERED',
    ),
    bit('is_unique', ({ index }) => index?.isUnique ?? false),
    ...constants(int, 'data_space_id=1'),
    bit('ignore_dup_key', (row) => option(row, 'ignore_dup_key', false)),
    bit('is_primary_key', ({ index }) => index?.isPrimaryKey ?? false),
    bit('is_unique_constraint', ({ index }) => index?.isUniqueConstraint ?? false),
    tinyint('fill_factor', ({ index }) => Number(index?.options.fillfactor ?? 0)),
    bit('is_padded', (row) => option(row, 'pad_index', false)),
    bit('is_disabled', ({ index }) => index?.isDisabled ?? false),
    ...constants(bit, 'is_hypothetical=0'),
    bit('allow_row_locks', (row) => option(row, 'allow_row_locks', true)),
    bit('allow_page_locks', (row) => option(row, 'allow_page_locks', true)),
    bit('has_filter', ({ index }) => index?.filter !== undefined),
    orNull(
      definition('filter_definition', ({ index }) =>
        index?.filter === undefined ? null : conditionDefinition(index.filter.condition),
      ),
    ),
  ]),
  defineView(
    'sys.index_columns',
    indexColumns,
  )([
    int('object_id', ({ table }) => table.id),
    int('index_id', ({ index }) => index.id),
    int('index_column_id', ({ position }) => position),
    int('column_id', ({ columnId }) => columnId),
    tinyint('key_ordinal', ({ key }) => key),
    ...constants(tinyint, 'partition_ordinal=0'),
    bit('is_descending_key', ({ descending }) => descending),
    bit('is_included_column', ({ key }) => key === 0),
  ]),
  defineView(
    'sys.partitions',
    indexesOf,
  )([
    bigint('partition_id', partitionId),
    int('object_id', ({ table }) => table.id),
    int('index_id', ({ index }) => index?.id ?? 0),
    ...constants(int, 'partition_number=1'),
    bigint('hobt_id', partitionId),
    orNull(bigint('rows', rowCount)),
    ...constants(tinyint, 'filestream_filegroup_id=0 data_compression=0'),
    description('data_compression_desc', () => 'NONE'),
  ]),
  defineView('sys.dm_db_partition_stats', (runtime, database) => {
    requirePermission(runtime.session, database, 'VIEW DATABASE STATE', { kind: 'database' });
    return indexesOf(runtime, database);
  })([
    bigint('partition_id', partitionId),
    int('object_id', ({ table }) => table.id),
    int('index_id', ({ index }) => index?.id ?? 0),
    ...constants(int, 'partition_number=1'),
    bigint('in_row_data_page_count', pages),
    bigint('in_row_used_page_count', pages),
    bigint('in_row_reserved_page_count', pages),
    ...constants(
      bigint,
      'lob_used_page_count=0 lob_reserved_page_count=0 row_overflow_used_page_count=0 row_overflow_reserved_page_count=0',
    ),
    bigint('used_page_count', pages),
    bigint('reserved_page_count', pages),
    bigint('row_count', rowCount),
  ]),
];
