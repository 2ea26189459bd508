import { readTableShapes } from '../../offline/tables/read-table-shapes.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Progress } from '../../plan/operation.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { InitialData } from '../initial-data.ts';
import type { Job } from '../job.ts';
import { packRefusal } from '../pack/pack-refusal.ts';
import { rowRefused } from '../rows/row-text.ts';
import { type ChosenJobs, chosenJobs } from './chosen-jobs.ts';
import { openFile } from './open-file.ts';
import { hasOtherCompanies } from './other-companies.ts';
import { readReferences } from './read-references.ts';
import { stageRows } from './stage-rows.ts';
import { duplicateStatement, foreignStatement, type LoadScope } from './statements.ts';
import { type LoadTable, loadTables, type TableSet, tableSets } from './table-sets.ts';

/** A pack whose rows lie in temporary tables of the session, every one of them checked. */
export type StagedPack = { readonly sets: readonly TableSet[]; readonly scope: LoadScope };

/**
 * Brings the rows of a pack into temporary tables, which changes nothing in the database, and checks all there is to
 * check. Throws ExpectedErrors (exit `prerequisite`) that name file, line and column.
 */
export async function* stagePack(
  session: DriverSession,
  initialData: InitialData,
  jobs: readonly Job[],
  signal: AbortSignal,
): AsyncGenerator<Progress, StagedPack> {
  const { pack } = initialData;
  const { company } = pack.manifest;
  const chosen = chosenJobs(initialData);
  refuseEmpty(chosen, jobs);
  const shapes = await readTableShapes(session, signal);
  const tables = loadTables(chosen, shapes, pack.sample !== undefined);
  const others = await hasOtherCompanies(
    session,
    tables.map(({ shape }) => shape),
    company,
    signal,
  );
  const scope = { company, isShared: others };
  const total = tables.reduce((sum, { file }) => sum + file.rows, 0);
  let done = 0;
  const staged: LoadTable[] = [];
  for (const wanted of tables) {
    const file = await openFile(pack, wanted, signal);
    const table = { ...wanted, columns: file.columns };
    const counted = { rows: 0 };
    // The load tells nothing while it is at work; what was read says how far it is.
    const loading = stageRows(session, table, counting(file.rows, counted), signal);
    yield* whileWorking(loading, () => ({ done: done + counted.rows, total, unit: 'rows read' }));
    done += table.file.rows;
    yield { done, total, unit: 'rows read' };
    if (table.file.rows > 0) await refuseKeys(session, table, scope, signal);
    staged.push(table);
  }
  return { sets: tableSets(chosen, staged, await readReferences(session, signal)), scope };
}

async function* counting<Row>(
  batches: AsyncIterable<readonly Row[]>,
  counted: { rows: number },
): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) {
    counted.rows += batch.length;
    yield batch;
  }
}

/** Milliseconds between two signs of progress. */
const pause = 500;

async function* whileWorking(work: Promise<void>, progress: () => Progress): AsyncGenerator<Progress> {
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  // Awaited below; until then a failure must not count as nobody's.
  ended.catch(() => undefined);
  while (!isDone) {
    let timer: NodeJS.Timeout | undefined;
    const tick = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, pause);
    });
    await Promise.race([ended, tick]).finally(() => clearTimeout(timer));
    if (!isDone) yield progress();
  }
  await ended;
}

/** A job that brings nothing for a table that no shop is without would empty the shop. */
function refuseEmpty({ jobs, files }: ChosenJobs, known: readonly Job[]): void {
  for (const job of jobs.filter(({ kind }) => kind === 'N')) {
    const essential = known.find(({ id }) => fold(id) === fold(job.id))?.essential ?? [];
    const empty = files.find(
      ({ table, rows }) => rows === 0 && essential.some((name) => fold(name) === fold(table)),
    );
    if (empty !== undefined)
      throw packRefusal(
        'pack-empty',
        `${empty.name} has no rows: ${job.id} ${job.name} would leave the shop without ${empty.table}.`,
        `Have the pack made where ${job.id} has run, or leave the job out with --jobs.`,
        { file: empty.name },
      );
  }
}

async function refuseKeys(
  session: DriverSession,
  table: LoadTable,
  scope: LoadScope,
  signal: AbortSignal,
): Promise<void> {
  const { file, shape } = table;
  const key = shape.primaryKey.join(', ');
  const [twice] = await session.query<{ firstLine: number; secondLine: number }>(
    duplicateStatement(table),
    {},
    signal,
  );
  if (twice !== undefined)
    throw rowRefused(file, twice.secondLine, key, `this key stands on line ${twice.firstLine} already.`);
  const foreign = foreignStatement(table, scope);
  const [taken] = foreign === undefined ? [] : await session.query<{ line: number }>(foreign, {}, signal);
  if (taken !== undefined)
    throw rowRefused(file, taken.line, key, 'another company has a row of this key in the database.');
}
