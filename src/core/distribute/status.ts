import type { TableShape } from '../offline/tables/table-shape.ts';
import { trackingTableName } from '../offline/tracking/names.ts';
import { fold } from '../plan/detect/ask.ts';
import { quoteNames, quoteString } from '../sql/identifiers.ts';
import type { SqlSession } from '../sql/session.ts';
import { countRows } from './count-rows.ts';
import type { Job } from './job.ts';
import { type JobReadiness, judgeJob } from './readiness.ts';

export type TableStatus = {
  readonly table: string;
  /** Of the company; undefined = the database has no such table. */
  readonly rows: number | undefined;
  /** Must not be empty once the job has run. */
  readonly isEssential: boolean;
  /** ISO time in UTC; undefined where changes are not tracked. */
  readonly lastChange: string | undefined;
};

/** What a job has brought. */
export type JobStatus = JobReadiness & { readonly tables: readonly TableStatus[] };

/** Counts the rows of every job's tables: reads whole tables, in two round trips. */
export async function readJobStatus(
  session: SqlSession,
  company: string,
  jobs: readonly Job[],
  shapes: ReadonlyMap<string, TableShape>,
  signal: AbortSignal,
): Promise<readonly JobStatus[]> {
  const names = [...new Set(jobs.flatMap(({ tables, essential }) => [...tables, ...essential]).map(fold))];
  const known = names.flatMap((name) => shapes.get(name) ?? []);
  const rows = await countRows(session, known, company, signal);
  const changes = await readLastChanges(session, names, shapes, signal);
  const filled = new Set([...rows].flatMap(([name, count]) => (count > 0 ? [name] : [])));
  return jobs.map((job) => ({
    ...judgeJob(job, filled),
    tables: job.tables.map((table) => ({
      table,
      rows: rows.get(fold(table)),
      isEssential: job.essential.some((name) => fold(name) === fold(table)),
      lastChange: changes.get(fold(table)),
    })),
  }));
}

/** The tracking tables, ours and those of Sync Framework, say when a row changed last. */
async function readLastChanges(
  session: SqlSession,
  names: readonly string[],
  shapes: ReadonlyMap<string, TableShape>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const questions = names.flatMap((name) => {
    const tracking = shapes.get(fold(trackingTableName(name)));
    if (tracking?.columns.some((column) => fold(column.name) === 'last_change_datetime') !== true) return [];
    return [
      `SELECT ${quoteString(name)} AS name, CONVERT(varchar(19), MAX([last_change_datetime]), 126) AS at FROM ${quoteNames(tracking.schema, tracking.name)}`,
    ];
  });
  if (questions.length === 0) return new Map();
  const rows = await session.query<{ name: string; at: string | null }>(
    questions.join('\nUNION ALL '),
    {},
    signal,
  );
  return new Map(rows.flatMap(({ name, at }) => (at === null ? [] : [[name, `${at}Z`] as const])));
}
