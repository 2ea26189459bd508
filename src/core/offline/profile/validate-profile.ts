import { fold } from '../../plan/detect/ask.ts';
import type { ColumnShape, TableShape } from '../tables/table-shape.ts';
import { travellingColumns } from '../tables/table-shape.ts';
import { longestTableName } from '../tracking/names.ts';
import type { OfflineProfile } from './profile.ts';

/** One thing that keeps a profile from being provisioned, in one line, with what to do about it. */
export type ProfileProblem = { readonly table: string; readonly message: string; readonly hint: string };

/**
 * Types that cannot travel as text and come back the same: CLR types and sql_variant carry more than their text, text,
 * ntext and image cannot be compared and have been deprecated since SQL Server 2005.
 */
const unsupported = new Set([
  'sql_variant',
  'xml',
  'geography',
  'geometry',
  'hierarchyid',
  'text',
  'ntext',
  'image',
]);

/** Everything that is wrong with a profile for these tables (by folded name). Pure; an empty list means it will do. */
export function validateProfile(
  profile: OfflineProfile,
  shapes: ReadonlyMap<string, TableShape>,
): readonly ProfileProblem[] {
  const places = profile.scopes.flatMap(({ name, tables }) =>
    tables.map((table) => ({ scope: name, table })),
  );
  if (places.length === 0)
    return [
      {
        table: '',
        message: `The offline profile "${profile.name}" has no tables.`,
        hint: 'Have head office send the scopes of the profile (job N-1110), or choose another profile.',
      },
    ];
  const seen = new Map<string, string>();
  return places.flatMap(({ scope, table }) => {
    const before = seen.get(fold(table));
    seen.set(fold(table), scope);
    if (before !== undefined)
      return [
        problem(
          table,
          before === scope ? `stands twice in the scope ${scope}` : `is in the scopes ${before} and ${scope}`,
          'A table belongs to one scope: take it out of the other.',
        ),
      ];
    return tableProblems(table, scope, shapes.get(fold(table)));
  });
}

function tableProblems(
  table: string,
  scope: string,
  shape: TableShape | undefined,
): readonly ProfileProblem[] {
  if (/_tracking$/i.test(table))
    return [problem(table, 'is a tracking table itself', `Take it out of the scope ${scope}.`)];
  if (table.length > longestTableName)
    return [
      problem(
        table,
        `has a name of ${table.length} characters`,
        `Synchronised tables have names of at most ${longestTableName} characters.`,
      ),
    ];
  if (shape === undefined)
    return [
      problem(
        table,
        `of the scope ${scope} is not in the store database`,
        'Add it with a script of the schema pack, or take it out of the scope.',
      ),
    ];
  if (shape.primaryKey.length === 0)
    return [problem(table, 'has no primary key', 'Give it one; a row must be found again by its key.')];
  return [...keyProblems(table, shape), ...columnProblems(table, shape)];
}

function keyProblems(table: string, shape: TableShape): readonly ProfileProblem[] {
  const isInKey = ({ name }: ColumnShape) => shape.primaryKey.includes(name);
  const identity = shape.columns.find((column) => isInKey(column) && column.isIdentity);
  const problems: ProfileProblem[] = [];
  if (identity !== undefined)
    problems.push(
      problem(
        table,
        `has the identity column ${identity.name} in its primary key`,
        'Each database would give out the same numbers: use another key.',
      ),
    );
  if (!shape.isClusteredOnKey)
    problems.push(
      problem(
        table,
        'is not clustered on its primary key',
        'Make the primary key the clustered index, and only it.',
      ),
    );
  return problems;
}

function columnProblems(table: string, shape: TableShape): readonly ProfileProblem[] {
  return travellingColumns(shape)
    .filter(({ type }) => unsupported.has(type))
    .map(({ name, type }) =>
      problem(
        table,
        `has the column ${name} of type ${type}, which cannot be synchronised`,
        'Take the table out of the scope, or change the type of the column.',
      ),
    );
}

const problem = (table: string, what: string, hint: string): ProfileProblem => ({
  table,
  message: `The table ${table} ${what}.`,
  hint,
});
