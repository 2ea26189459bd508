/** Everything that the practice server knows of T-SQL: executed, recorded without effect, or refused by name. */

import { metadataFunctions, refusedProcedures, systemProcedures, systemViews } from './catalog/index.ts';
import { engineProcedures } from './engine/procedures/engine-procedures.ts';
import { sessionOptions } from './engine/run/session-settings.ts';
import { aggregates } from './engine/scalar/aggregates.ts';
import { refusedFunctions } from './engine/scalar/compile-call.ts';
import { functionNames } from './engine/scalar/functions/registry.ts';
import { refusals, refusedOptions, refusedStatements } from './features.ts';
import { databaseChoices, databaseStates, databaseSwitches } from './language/database-options.ts';
import { fileOptions } from './language/database-statements.ts';
import { indexOptions } from './language/index-options.ts';
import { loginOptions } from './language/principals.ts';
import { numberedHints, plainHints } from './language/query-hints.ts';
import { refusedByParser } from './language/refusals.ts';
import { tableHints } from './language/table-hints.ts';

/** What becomes of a feature: it works, it is taken and changes nothing, or it ends its statement with an error. */
export type Treatment = 'executed' | 'recorded' | 'refused';

export type FeatureGroup = {
  readonly treatment: Treatment;
  readonly title: string;
  /** In a refusal, `*` stands for what the statement named itself. */
  readonly names: readonly string[];
};

/** Statements that do their work. The rest of the lists below is read from the code itself. */
const statements = [
  'SELECT, WITH, FOR XML PATH of joined text',
  'INSERT, UPDATE, DELETE, MERGE, TRUNCATE TABLE, SELECT INTO, OUTPUT, INSERT ... EXEC',
  'INSERT BULK and bulk loads',
  'CREATE, ALTER and DROP of DATABASE, SCHEMA, TABLE, VIEW, PROCEDURE, FUNCTION, TRIGGER, INDEX',
  'CREATE, ALTER and DROP of LOGIN, USER, ROLE; GRANT, DENY, REVOKE; ALTER AUTHORIZATION',
  'BEGIN, COMMIT, ROLLBACK and SAVE TRANSACTION, isolation levels, locks, deadlocks, row versions',
  'BEGIN ... END, IF, WHILE, TRY ... CATCH, THROW, RAISERROR, RETURN, PRINT, WAITFOR DELAY, DECLARE, SET',
  'EXECUTE of procedures and of text, sp_executesql, prepared statements',
  'USE, SET options, DBCC USEROPTIONS, DBCC CHECKIDENT',
];

/** Functions with a grammar or a typing of their own, which stand in no table of functions. */
const specialForms =
  'CAST TRY_CAST CONVERT TRY_CONVERT CASE IIF CHOOSE COALESCE ISNULL NULLIF DATEADD DATEDIFF DATENAME DATEPART'.split(
    ' ',
  );
const windowFunctions = 'ROW_NUMBER RANK DENSE_RANK NTILE LAG LEAD FIRST_VALUE LAST_VALUE'.split(' ');

/** Of the options and hints that the parser takes, those that change what happens. */
const acting = {
  tableHints: `nolock readuncommitted repeatableread serializable holdlock updlock xlock tablock tablockx
  readpast snapshot`.split(/\s+/),
  queryHints: ['maxrecursion'],
  sessionOptions: 'nocount xact_abort quoted_identifier implicit_transactions fmtonly'.split(' '),
  databaseOptions:
    `allow_snapshot_isolation read_committed_snapshot compatibility_level single_user restricted_user
  multi_user online offline`.split(/\s+/),
  /** Taken by the parser, refused when they run. */
  refusedDatabaseOptions: ['read_only', 'emergency'],
  loginOptions: 'name default_database default_language sid old_password'.split(' '),
} as const;

const upper = (names: Iterable<string>): readonly string[] =>
  [...names].map((name) => name.toUpperCase()).sort();
const without = (names: Iterable<string>, ...others: readonly (readonly string[])[]): readonly string[] =>
  upper([...names].filter((name) => !others.flat().includes(name)));

/** The whole list, in the order in which it is printed. */
export function featureList(): readonly FeatureGroup[] {
  const databaseOptions = [
    ...databaseSwitches,
    ...Object.keys(databaseChoices),
    ...databaseStates,
    'compatibility_level',
  ];
  const functions = new Set([
    ...specialForms,
    ...functionNames(),
    ...metadataFunctions.map(({ name }) => name.toUpperCase()),
  ]);
  const views = [...systemViews.values()].map(({ schema, name }) => `${schema}.${name}`.toLowerCase()).sort();
  const procedures = [...systemProcedures.keys(), ...engineProcedures.keys()]
    .filter((name) => !refusedProcedures.has(name))
    .sort();
  const group = (treatment: Treatment, title: string, names: readonly string[]): FeatureGroup => ({
    treatment,
    title,
    names,
  });
  return [
    group('executed', 'Statements', statements),
    group('executed', 'Functions', [...functions].sort()),
    group('executed', 'Aggregates', [...aggregates.keys()].sort()),
    group('executed', 'Window functions', windowFunctions),
    group('executed', 'Catalog views', views),
    group('executed', 'System procedures', procedures),
    group('executed', 'Table hints', upper(acting.tableHints)),
    group('executed', 'Query hints', upper(acting.queryHints)),
    group('executed', 'SET options', upper(acting.sessionOptions)),
    group('executed', 'Database options', upper(acting.databaseOptions)),
    group('executed', 'Login options', upper(acting.loginOptions)),
    group('recorded', 'Statements', ['CHECKPOINT']),
    group('recorded', 'Table hints', [...without(tableHints, acting.tableHints), 'INDEX(...)']),
    group(
      'recorded',
      'Query hints',
      without([...plainHints.map((words) => words.join(' ')), ...numberedHints], acting.queryHints),
    ),
    group('recorded', 'SET options', without(sessionOptions, acting.sessionOptions)),
    group(
      'recorded',
      'Database options',
      without(databaseOptions, acting.databaseOptions, acting.refusedDatabaseOptions),
    ),
    group('recorded', 'Database file options', upper(fileOptions)),
    group('recorded', 'Index and table options', upper(indexOptions)),
    group('recorded', 'Login options', without(loginOptions, acting.loginOptions)),
    group(
      'refused',
      'Language',
      Object.values(refusedByParser).map(([, name]) => name),
    ),
    group('refused', 'Whole statements', refusedStatements),
    group('refused', 'Options and hints', refusedOptions),
    ...Object.entries(refusals).map(([title, names]) => group('refused', title, names)),
    group('refused', 'Functions', [...refusedFunctions].filter((name) => !functions.has(name)).sort()),
    group('refused', 'System procedures', [...refusedProcedures].sort()),
  ];
}
