import { registerRole } from '../../plan/access.ts';
import { planned } from '../../plan/actions/target.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Action, Batch, DatabaseTarget, Finding } from '../../plan/plan.ts';
import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { OfflineProfile } from '../profile/profile.ts';
import type { TableShape } from '../tables/table-shape.ts';
import { metadataTables } from '../tracking/metadata.ts';
import { stagingSchema, syncTableTable, trackingTableName, trackingTriggerName } from '../tracking/names.ts';
import { trackingStatements } from '../tracking/statements.ts';
import type { Provisioning } from './detect-provisioning.ts';
import { gapOf, isProvisioned, stateOf, type TableState, type TrackingGap } from './table-state.ts';

/** One table of the profile, with its place in the order of things. */
export type ProfileTable = {
  readonly shape: TableShape;
  readonly scope: string;
  readonly scopeOrder: number;
  readonly tableOrder: number;
  readonly direction: string;
  readonly frequencySeconds: number;
};

/** The tables of a validated profile in the order of the synchronisation. */
export function profileTables(
  profile: OfflineProfile,
  shapes: ReadonlyMap<string, TableShape>,
): readonly ProfileTable[] {
  return profile.scopes.flatMap((scope, scopeIndex) =>
    scope.tables.flatMap((name, tableIndex): ProfileTable[] => {
      const shape = shapes.get(fold(name));
      if (shape === undefined) return [];
      const { direction, frequencySeconds } = scope;
      return [
        {
          shape,
          scope: scope.name,
          scopeOrder: scopeIndex + 1,
          tableOrder: tableIndex + 1,
          direction,
          frequencySeconds,
        },
      ];
    }),
  );
}

export type ProvisionPlan = { readonly actions: readonly Action[]; readonly warnings: readonly Finding[] };

/** What has to be done in a database so that it tracks the tables of the profile; nothing when it does. */
export function provisionActions(
  tables: readonly ProfileTable[],
  found: Provisioning,
  target: DatabaseTarget,
): ProvisionPlan {
  const states = tables.map((table) => {
    const statements = trackingStatements(table.shape);
    return { table, statements, state: stateOf(table.shape, statements, found) };
  });
  const foreign = states.filter(({ state }) => state.table === 'foreign');
  const open = states.filter(
    ({ table, statements, state }) =>
      state.table !== 'foreign' &&
      (!isProvisioned(state) || !isRecorded(table, statements.triggerHash, found, target.role)),
  );
  const units = open.map(({ table, statements, state }) => ({
    name: table.shape.name,
    sql: unitSql(table, statements, state, target.role),
  }));
  const prefix = target.role === 'store' ? 'store:' : '';
  const where = target.role === 'store' ? 'the store database' : 'the offline database';
  return {
    actions: [
      ...recordsAction(found, target, prefix, where),
      ...stagingAction(found, target, prefix, where),
      ...(units.length === 0
        ? []
        : [
            {
              id: `${prefix}provision`,
              kind: 'run-units',
              title: `Provision ${counted(units.length)} in ${where}`,
              risk: 'changes',
              need: 'necessary',
              target,
              unit: 'tables',
              units: inTrips(units),
            } satisfies Action,
          ]),
    ],
    warnings: [
      ...foreign.map(({ table }) => foreignWarning(table.shape.name, where)),
      // What was never provisioned is no gap: whoever reads it compares it in any case.
      ...open
        .filter(({ table }) => found.recorded.has(fold(table.shape.name)))
        .flatMap(({ table, state }) => gapWarning(table.shape.name, where, gapOf(state))),
    ],
  };
}

const counted = (count: number): string => (count === 1 ? '1 table' : `${count} tables`);

/** Enough for a slow line, few enough that progress is seen and a cancellation heard. */
const tablesInOneTrip = 8;

function inTrips(units: readonly { readonly name: string; readonly sql: string }[]) {
  return Array.from({ length: Math.ceil(units.length / tablesInOneTrip) }, (_, trip) => {
    const some = units.slice(trip * tablesInOneTrip, (trip + 1) * tablesInOneTrip);
    return {
      names: some.map(({ name }) => name),
      batches: [planned(`SET XACT_ABORT ON; SET NOCOUNT ON;\n${some.map(({ sql }) => sql).join('\n')}`)],
    };
  });
}

function recordsAction(
  found: Provisioning,
  target: DatabaseTarget,
  prefix: string,
  where: string,
): readonly Action[] {
  const missing = metadataTables.filter(({ name }) => !found.metadata.has(fold(name)));
  if (missing.length === 0) return [];
  const grants = missing.map(
    ({ name }) =>
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${quoteNames('storedb', name)} TO ${quoteName(registerRole)};`,
  );
  return [
    {
      id: `${prefix}sync-records`,
      kind: 'run-batches',
      title: `Create the sync records in ${where}`,
      risk: 'creates',
      need: 'necessary',
      target,
      batches: [
        planned(
          [
            'SET XACT_ABORT ON;',
            'BEGIN TRANSACTION;',
            ...missing.map(({ create }) => create),
            ...grants,
            'COMMIT TRANSACTION;',
          ].join('\n'),
        ),
      ],
    },
  ];
}

/** Optional, so that a set-up does not end at an engine without it; the first load says then that rows cannot come. */
function stagingAction(
  found: Provisioning,
  target: DatabaseTarget,
  prefix: string,
  where: string,
): readonly Action[] {
  if (found.hasStagingSchema) return [];
  const role = quoteName(registerRole);
  return [
    {
      id: `${prefix}sync-staging`,
      kind: 'run-batches',
      title: `Make the place where ${where} takes in rows`,
      risk: 'creates',
      need: 'optional',
      target,
      batches: [stagingBatch(`GRANT CREATE TABLE TO ${role};`)],
      // An engine without that right of a whole database: its accounts may make tables where they may alter the schema.
      otherwise: [stagingBatch('')],
      hint: 'Without it no rows can come: have an administrator of the database do it.',
    },
  ];
}

/** Whole or not at all: the schema is what tells that it has been done. */
function stagingBatch(furtherGrant: string): Batch {
  const role = quoteName(registerRole);
  return planned(`SET XACT_ABORT ON;
BEGIN TRANSACTION;
IF SCHEMA_ID(N'${stagingSchema}') IS NULL EXEC (N'CREATE SCHEMA ${stagingSchema} AUTHORIZATION dbo');
GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::${stagingSchema} TO ${role};
${furtherGrant}
COMMIT TRANSACTION;`);
}

/** One transaction: the tracking table, its trigger and the record of it are there together, or none is. */
function unitSql(
  table: ProfileTable,
  statements: ReturnType<typeof trackingStatements>,
  state: TableState,
  side: DatabaseTarget['role'],
): string {
  const { shape } = table;
  const tracking = quoteNames(shape.schema, trackingTableName(shape.name));
  const trigger = quoteNames(shape.schema, trackingTriggerName(shape.name));
  const isKept = state.table === 'ours';
  const replacesTrigger = state.trigger !== 'ours' && state.trigger !== 'unreadable';
  // With another key the old marks mean nothing: whoever reads this table compares it as a whole.
  // An outdated trigger is no gap: it is replaced under a lock on its table, and nothing goes by in between.
  const hasGap = gapOf(state) !== undefined;
  return [
    'BEGIN TRANSACTION;',
    ...(replacesTrigger && state.trigger !== 'missing'
      ? [`EXEC (N'DROP TRIGGER ${inString(trigger)}');`]
      : []),
    ...(state.table === 'other-key' ? [`DROP TABLE ${tracking};`] : []),
    ...(isKept ? [] : [statements.table]),
    ...(isKept && state.hasIndex ? [] : [statements.index]),
    ...(replacesTrigger ? [`EXEC (N'${inString(statements.trigger)}');`] : []),
    ...(isKept ? [] : [`GRANT SELECT, INSERT, UPDATE, DELETE ON ${tracking} TO ${quoteName(registerRole)};`]),
    recordSql(table, statements.triggerHash, hasGap, side),
    'COMMIT TRANSACTION;',
  ].join('\n');
}

const inString = (sql: string): string => sql.replaceAll("'", "''");

/**
 * A register's database says which scope a table belongs to. In the store database several profiles may share a table:
 * what the first one wrote there is left.
 */
function recordSql(
  table: ProfileTable,
  triggerHash: string,
  hasGap: boolean,
  side: DatabaseTarget['role'],
): string {
  const name = quoteString(table.shape.name);
  const values = [
    ['ScopeName', quoteString(table.scope)],
    ['ScopeOrder', String(table.scopeOrder)],
    ['TableOrder', String(table.tableOrder)],
    ['Direction', quoteString(table.direction)],
    ['FrequencySeconds', String(table.frequencySeconds)],
    ['TriggerHash', `'${triggerHash}'`],
    ['ProvisionedUtc', 'GETUTCDATE()'],
  ] as const;
  const set = values
    .filter(([column]) => side === 'offline' || column === 'TriggerHash')
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');
  return `UPDATE ${syncTableTable} SET ${set}${hasGap ? ', TrackingId = NEWID()' : ''} WHERE TableName = ${name};
IF @@ROWCOUNT = 0 INSERT INTO ${syncTableTable} (TableName, ${values.map(([column]) => column).join(', ')})
VALUES (${name}, ${values.map(([, value]) => value).join(', ')});`;
}

function isRecorded(
  table: ProfileTable,
  triggerHash: string,
  { recorded }: Provisioning,
  side: DatabaseTarget['role'],
): boolean {
  const row = recorded.get(fold(table.shape.name));
  if (row === undefined || row.triggerHash !== triggerHash) return false;
  return (
    side === 'store' ||
    (row.scope === table.scope &&
      row.scopeOrder === table.scopeOrder &&
      row.tableOrder === table.tableOrder &&
      row.direction === table.direction &&
      row.frequencySeconds === table.frequencySeconds)
  );
}

const foreignWarning = (table: string, where: string): Finding => ({
  code: 'tracking-foreign',
  message: `The table ${table} of ${where} is tracked by Microsoft Sync Framework; it is left alone and not synchronised by storedb.`,
  hint: 'When the original sync service is not used any more, have its provisioning removed, and run this again.',
});

const gapWords: Readonly<Record<TrackingGap, readonly [code: string, words: string]>> = {
  off: ['trigger-was-off', 'The tracking trigger of {table} was switched off: changes may have been missed.'],
  changed: [
    'trigger-was-changed',
    'The tracking trigger of {table} was changed: changes may have been missed.',
  ],
  missing: ['tracking-was-missing', 'The tracking of {table} was removed: changes have been missed.'],
  'other-key': ['tracking-other-key', 'The primary key of {table} has changed since it was tracked.'],
};

function gapWarning(table: string, where: string, gap: TrackingGap | undefined): readonly Finding[] {
  if (gap === undefined) return [];
  const [code, words] = gapWords[gap];
  return [
    {
      code,
      message: words.replace('{table}', () => `${table} in ${where}`),
      hint: 'Nothing to do: it is made right, and the next synchronisation compares the whole table.',
    },
  ];
}
