import { ExpectedError } from '../../errors.ts';
import { readTableShapes } from '../../offline/tables/read-table-shapes.ts';
import { fold } from '../../plan/detect/ask.ts';
import { detectSituation } from '../../plan/detect-situation.ts';
import { beforehand } from '../../plan/make-plan.ts';
import { refusal } from '../../plan/refusal.ts';
import { serversFor } from '../../plan/servers.ts';
import type { SetupInput } from '../../plan/setup.ts';
import type { Situation } from '../../plan/situation.ts';
import { countRows } from '../count-rows.ts';
import type { Job } from '../job.ts';
import type { Manifest } from '../pack/manifest.ts';
import { companyOf } from '../store-session.ts';
import { exportPack, type PackFormat } from './export-pack.ts';
import type { PackTarget } from './pack-target.ts';

export type ExportOptions = {
  /** Job ids; undefined = all that have their data. */
  readonly jobs: readonly string[] | undefined;
  readonly format: PackFormat;
  readonly madeUtc: Date;
  /** Called when everything is known, so that nothing is made for an export that is refused. */
  readonly openTarget: () => Promise<PackTarget>;
};

export type ExportEvent =
  | { readonly kind: 'export-started'; readonly isPracticeServer: boolean; readonly company: string }
  | {
      readonly kind: 'export-progress';
      readonly table: string;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: 'exported';
      readonly manifest: Manifest;
      /** Known jobs whose data the database does not have. */
      readonly leftOut: readonly Job[];
    };

/**
 * Makes a pack of a store database; the database is only read. Throws ExpectedErrors; nothing then stands under the
 * pack's name.
 */
export async function* exportStore(
  input: SetupInput,
  options: ExportOptions,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent> {
  const servers = serversFor(input);
  try {
    const situation = await detectSituation('store', input, servers, signal);
    const { answers, detected } = situation;
    const schemaVersion = versionOf(situation);
    const session = await servers.of('store').connect(situation.databaseName, signal);
    try {
      const company = await companyOf(situation, session, signal);
      yield {
        kind: 'export-started',
        isPracticeServer: detected.server.identity.isPracticeServer,
        company,
      };
      const shapes = await readTableShapes(session, signal);
      const named = [
        ...new Set(input.jobs.flatMap(({ tables, essential }) => [...tables, ...essential]).map(fold)),
      ];
      const known = named.flatMap((name) => shapes.get(name) ?? []);
      const counts = await countRows(session, known, company, signal);
      const { jobs, leftOut } = jobsOf(input.jobs, options.jobs, counts);
      const tables = new Set(jobs.flatMap((job) => job.tables).map(fold));
      const total = [...tables].reduce((sum, table) => sum + (counts.get(table) ?? 0), 0);
      const steps = exportPack(
        {
          session,
          shapes,
          company,
          store: answers.identification?.storeId ?? situation.contents?.identity?.storeId,
          schemaVersion,
          jobs,
          madeUtc: options.madeUtc,
          format: options.format,
          isSnapshot: allowsSnapshot(situation),
        },
        await options.openTarget(),
        signal,
      );
      let before = 0;
      let last = { table: '', rows: 0 };
      let step = await steps.next();
      while (step.done !== true) {
        if (step.value.table !== last.table) before += last.rows;
        last = step.value;
        yield { kind: 'export-progress', table: last.table, done: before + last.rows, total };
        step = await steps.next();
      }
      yield { kind: 'exported', manifest: step.value, leftOut };
    } finally {
      await session.close();
    }
  } catch (error) {
    throw beforehand(error, signal) ?? error;
  } finally {
    await servers.close();
  }
}

/** Also a database that the product's own utility made may be packed. */
function versionOf({ existing, contents, databaseName, database }: Situation): string {
  if (existing === undefined)
    throw refusal(
      'store-database-missing',
      `There is no database ${databaseName} on ${database.server}.`,
      'Check the server and the name of the store database.',
    );
  if (contents?.dbVersion !== undefined) return contents.dbVersion;
  throw refusal(
    'store-database-unfinished',
    `The database ${databaseName} is no store database: it says no version.`,
    'Check the name of the store database, or set it up first (storedb apply).',
  );
}

function jobsOf(
  known: readonly Job[],
  wanted: readonly string[] | undefined,
  counts: ReadonlyMap<string, number>,
) {
  const unknown = wanted?.find((id) => !known.some((job) => fold(job.id) === fold(id)));
  if (unknown !== undefined)
    throw new ExpectedError({
      code: 'job-unknown',
      exit: 'usage',
      message: `There is no job ${unknown}.`,
      hint: `The jobs are ${known.map(({ id }) => id).join(', ')}.`,
    });
  const asked = known.filter(
    ({ id }) => wanted === undefined || wanted.some((each) => fold(each) === fold(id)),
  );
  const isFilled = ({ essential }: Job) => essential.every((table) => (counts.get(fold(table)) ?? 0) > 0);
  const empty = asked.filter((job) => !isFilled(job));
  const [first] = empty;
  if (first !== undefined && (wanted !== undefined || empty.length === asked.length))
    throw refusal(
      'job-empty',
      `The database does not have the data of ${empty.map(({ id }) => id).join(', ')}.`,
      wanted === undefined ? 'Export from a store database that is filled.' : 'Leave them out of --jobs.',
    );
  return { jobs: asked.filter(isFilled), leftOut: empty };
}

const allowsSnapshot = ({ existing }: Situation): boolean =>
  existing?.options.known === true && existing.options.value.snapshotIsolation === 'ON';
