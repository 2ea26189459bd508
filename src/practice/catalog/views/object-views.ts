/** sys.objects and the views of single kinds of objects. */

import type { SystemView } from '../../engine/extension.ts';
import type { SchemaObject, Table } from '../../engine/model.ts';
import { objectType, ofKind, visibleObjects } from '../objects.ts';
import { systemObjects, systemSchemaId } from '../system-objects.ts';
import {
  bit,
  type CatalogColumn,
  char,
  constants,
  datetime,
  datetimeOf,
  defineView,
  definition,
  description,
  int,
  nvarchar,
  orNull,
  smallint,
  sysname,
  tinyint,
} from '../view-definition.ts';

/** The columns that every view of objects begins with. */
export const objectColumns = <Entity extends SchemaObject>(): readonly CatalogColumn<Entity>[] => [
  sysname('name', (object) => object.name),
  int('object_id', (object) => object.id),
  ...constants<Entity>(int, 'principal_id=null'),
  int('schema_id', (object) => object.schema.id),
  int('parent_object_id', (object) => object.parentId),
  char('type', 2, (object) => objectType(object)[0]),
  description('type_desc', (object) => objectType(object)[1]),
  datetime('create_date', (object) => datetimeOf(object.createdAt)),
  datetime('modify_date', (object) => datetimeOf(object.modifiedAt)),
  ...constants<Entity>(bit, 'is_ms_shipped=0 is_published=0 is_schema_published=0'),
];

type ObjectRow = {
  readonly name: string;
  readonly id: number;
  readonly schemaId: number;
  readonly parentId: number;
  readonly type: readonly [code: string, description: string];
  readonly created: number;
  readonly modified: number;
  readonly isSystem: boolean;
};

const rowOf = (object: SchemaObject): ObjectRow => ({
  name: object.name,
  id: object.id,
  schemaId: object.schema.id,
  parentId: object.parentId,
  type: objectType(object),
  created: datetimeOf(object.createdAt),
  modified: datetimeOf(object.modifiedAt),
  isSystem: false,
});

/** Of the system's own objects, which have no dates of their own here. */
function* systemRows(started: Date): Generator<ObjectRow> {
  const created = datetimeOf(started);
  for (const object of systemObjects()) {
    yield {
      name: object.name,
      id: object.id,
      schemaId: systemSchemaId(object),
      parentId: 0,
      type: [object.code, object.description],
      created,
      modified: created,
      isSystem: true,
    };
  }
}

const allObjectColumns: readonly CatalogColumn<ObjectRow>[] = [
  sysname('name', (row) => row.name),
  int('object_id', (row) => row.id),
  ...constants<ObjectRow>(int, 'principal_id=null'),
  int('schema_id', (row) => row.schemaId),
  int('parent_object_id', (row) => row.parentId),
  char('type', 2, (row) => row.type[0]),
  description('type_desc', (row) => row.type[1]),
  datetime('create_date', (row) => row.created),
  datetime('modify_date', (row) => row.modified),
  bit('is_ms_shipped', (row) => row.isSystem),
  ...constants<ObjectRow>(bit, 'is_published=0 is_schema_published=0'),
];

const usesLargeTypes = (table: Table): boolean =>
  table.columns.some(
    ({ type }) =>
      type.length === 'max' || type.kind === 'text' || type.kind === 'ntext' || type.kind === 'image',
  );

type Module = Extract<SchemaObject, { text: string }>;
function isModule(object: SchemaObject): object is Module {
  return 'text' in object;
}

export const objectViews: readonly SystemView[] = [
  defineView('sys.objects', visibleObjects)(objectColumns<SchemaObject>()),
  defineView('sys.all_objects', function* (runtime, database) {
    for (const object of visibleObjects(runtime, database)) yield rowOf(object);
    yield* systemRows(runtime.server.startedAt);
  })(allObjectColumns),
  defineView('sys.system_objects', (runtime) => systemRows(runtime.server.startedAt))(allObjectColumns),
  defineView(
    'sys.tables',
    ofKind('table'),
  )([
    ...objectColumns<Table>(),
    int('lob_data_space_id', (table) => (usesLargeTypes(table) ? 1 : 0)),
    ...constants<Table>(int, 'filestream_data_space_id=null'),
    int('max_column_id_used', (table) => table.nextColumnId - 1),
    ...constants<Table>(
      bit,
      'lock_on_bulk_load=0 uses_ansi_nulls=1 is_replicated=0 has_replication_filter=0 is_merge_published=0 is_sync_tran_subscribed=0 has_unchecked_assembly_data=0',
    ),
    ...constants<Table>(int, 'text_in_row_limit=0'),
    ...constants<Table>(bit, 'large_value_types_out_of_row=0 is_tracked_by_cdc=0'),
    ...constants<Table>(tinyint, 'lock_escalation=0'),
    description('lock_escalation_desc', () => 'TABLE'),
    ...constants<Table>(bit, 'is_filetable=0'),
  ]),
  defineView(
    'sys.views',
    ofKind('view'),
  )([
    ...objectColumns(),
    ...constants(
      bit,
      'is_replicated=0 has_replication_filter=0 has_opaque_metadata=0 has_unchecked_assembly_data=0 with_check_option=0 is_date_correlation_view=0',
    ),
  ]),
  defineView(
    'sys.procedures',
    ofKind('procedure'),
  )([
    ...objectColumns(),
    ...constants(
      bit,
      'is_auto_executed=0 is_execution_replicated=0 is_repl_serializable_only=0 skips_repl_constraints=0',
    ),
  ]),
  defineView(
    'sys.synonyms',
    ofKind('synonym'),
  )([...objectColumns(), nvarchar('base_object_name', 1035, (synonym) => synonym.target)]),
  defineView(
    'sys.triggers',
    ofKind('trigger'),
  )([
    sysname('name', (trigger) => trigger.name),
    int('object_id', (trigger) => trigger.id),
    ...constants(tinyint, 'parent_class=1'),
    description('parent_class_desc', () => 'OBJECT_OR_COLUMN'),
    int('parent_id', (trigger) => trigger.parentId),
    char('type', 2, () => 'TR'),
    description('type_desc', () => 'SQL_TRIGGER'),
    datetime('create_date', (trigger) => datetimeOf(trigger.createdAt)),
    datetime('modify_date', (trigger) => datetimeOf(trigger.modifiedAt)),
    ...constants(bit, 'is_ms_shipped=0'),
    bit('is_disabled', (trigger) => trigger.isDisabled),
    ...constants(bit, 'is_not_for_replication=0'),
    bit('is_instead_of_trigger', (trigger) => trigger.timing === 'instead-of'),
  ]),
  defineView('sys.trigger_events', function* (runtime, database) {
    for (const trigger of ofKind('trigger')(runtime, database)) {
      for (const event of trigger.events) yield { trigger, event };
    }
  })([
    int('object_id', ({ trigger }) => trigger.id),
    int('type', ({ event }) => ({ insert: 1, update: 2, delete: 3 })[event]),
    description('type_desc', ({ event }) => event.toUpperCase()),
    // sp_settriggerorder is not offered, so no trigger is the first or the last one.
    ...constants(bit, 'is_first=0 is_last=0'),
    ...constants(int, 'event_group_type=null'),
    orNull(description('event_group_type_desc', () => null)),
    ...constants(bit, 'is_trigger_event=1'),
  ]),
  defineView('sys.sql_modules', function* (runtime, database) {
    for (const object of visibleObjects(runtime, database)) if (isModule(object)) yield object;
  })([
    int('object_id', (module) => module.id),
    orNull(definition('definition', (module) => module.text)),
    ...constants(
      bit,
      'uses_ansi_nulls=1 uses_quoted_identifier=1 is_schema_bound=0 uses_database_collation=0 is_recompiled=0 null_on_null_input=0',
    ),
    ...constants(int, 'execute_as_principal_id=null'),
  ]),
  // The view of SQL Server 2000, still asked for by old scripts.
  defineView(
    'sys.sysobjects',
    visibleObjects,
  )([
    sysname('name', (object) => object.name),
    int('id', (object) => object.id),
    char('xtype', 2, (object) => objectType(object)[0]),
    smallint('uid', (object) => object.schema.id),
    int('parent_obj', (object) => object.parentId),
    datetime('crdate', (object) => datetimeOf(object.createdAt)),
    char('type', 2, (object) =>
      object.kind === 'constraint' && object.type !== 'C' && object.type !== 'D' && object.type !== 'F'
        ? 'K'
        : objectType(object)[0],
    ),
  ]),
];
