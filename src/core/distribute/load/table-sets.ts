import type { ColumnShape, TableShape } from '../../offline/tables/table-shape.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { TravellingColumn } from '../../sync/transfer/columns.ts';
import { companyColumn } from '../company.ts';
import { packedColumns } from '../export/table-query.ts';
import type { PackFile, PackJob } from '../pack/manifest.ts';
import { packRefusal } from '../pack/pack-refusal.ts';
import type { ChosenJobs } from './chosen-jobs.ts';

/** A table that rows are loaded into. */
export type LoadTable = {
  readonly file: PackFile;
  readonly shape: TableShape;
  /** The key first. */
  readonly columns: readonly TravellingColumn[];
  /** N: rows of the company that the pack does not have go. A: they stay. */
  readonly kind: PackJob['kind'];
  readonly company: ColumnShape | undefined;
  /** The temporary table, quoted for T-SQL. */
  readonly staging: string;
};

/** Tables that change together or not at all, in the order in which rows can be inserted. */
export type TableSet = { readonly jobs: readonly PackJob[]; readonly tables: readonly LoadTable[] };

/** Folded names: `table` has a foreign key to `to`. */
export type Reference = { readonly table: string; readonly to: string };

/** The tables of the files. Throws ExpectedErrors for what the database does not have. */
export function loadTables(
  { jobs, files }: ChosenJobs,
  shapes: ReadonlyMap<string, TableShape>,
  isSample: boolean,
): readonly LoadTable[] {
  return files.flatMap((file, index): LoadTable[] => {
    const shape = shapes.get(fold(file.table));
    if (shape === undefined && isSample) return [];
    if (shape === undefined)
      throw packRefusal(
        'pack-table-unknown',
        `${file.name}: the database has no table ${file.table}.`,
        'Bring the store database to the schema of the pack, or leave its job out with --jobs.',
        { table: file.table },
      );
    const replaces = jobs.some(
      ({ kind, tables }) => kind === 'N' && tables.some((name) => fold(name) === fold(file.table)),
    );
    return [
      {
        file,
        shape,
        columns: packedColumns(file.table, shape),
        kind: replaces ? 'N' : 'A',
        company: companyColumn(shape),
        staging: `#storedb_pack_${index}`,
      },
    ];
  });
}

/**
 * A set for each job; jobs that share a table, or whose tables refer to each other, are one. A row is inserted after
 * the rows that it refers to; tables that refer to each other in a ring stay in the order of the pack.
 */
export function tableSets(
  { jobs }: ChosenJobs,
  tables: readonly LoadTable[],
  references: readonly Reference[],
): readonly TableSet[] {
  const sets: { jobs: PackJob[]; names: Set<string> }[] = [];
  for (const job of jobs) {
    const names = new Set(job.tables.map(fold));
    const touches = (set: ReadonlySet<string>) =>
      [...names].some((name) => set.has(name)) ||
      references.some(
        ({ table, to }) => (names.has(table) && set.has(to)) || (names.has(to) && set.has(table)),
      );
    const together = sets.filter((set) => touches(set.names));
    const rest = sets.filter((set) => !together.includes(set));
    const joined = {
      jobs: [...together.flatMap((set) => set.jobs), job],
      names: new Set([...together.flatMap((set) => [...set.names]), ...names]),
    };
    sets.splice(0, sets.length, ...rest, joined);
  }
  return sets.map((set) => ({
    jobs: set.jobs,
    tables: inInsertOrder(
      tables.filter(({ shape }) => set.names.has(fold(shape.name))),
      references,
    ),
  }));
}

function inInsertOrder(tables: readonly LoadTable[], references: readonly Reference[]): readonly LoadTable[] {
  const ordered: LoadTable[] = [];
  const visited = new Set<LoadTable>();
  const visit = (table: LoadTable) => {
    if (visited.has(table)) return;
    visited.add(table);
    for (const { table: from, to } of references)
      if (from === fold(table.shape.name))
        for (const other of tables) if (fold(other.shape.name) === to) visit(other);
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}
