import type { TableShape } from '../offline/tables/table-shape.ts';
import { fold } from '../plan/detect/ask.ts';
import { quoteName, quoteNames, quoteString } from '../sql/identifiers.ts';
import type { SqlSession } from '../sql/session.ts';
import { companyColumn } from './company.ts';
import type { Job } from './job.ts';

/** Whether a job's data is in the store database. */
export type JobReadiness = {
  readonly job: Job;
  /** Essential tables without a row of the company, or not in the database at all. */
  readonly empty: readonly string[];
  /** 'not-used' = empty, and only shops with reason codes or loyalty have it. */
  readonly verdict: 'filled' | 'empty' | 'not-used';
};

/**
 * Looks into the essential tables of every job, in one round trip: whether there is a row of the company, or any row
 * where the table is shared. Counting would read whole tables for nothing.
 */
export async function readReadiness(
  session: SqlSession,
  dataAreaId: string,
  jobs: readonly Job[],
  shapes: ReadonlyMap<string, TableShape>,
  signal: AbortSignal,
): Promise<readonly JobReadiness[]> {
  const tables = jobs.flatMap(({ essential }) => essential).flatMap((name) => shapes.get(fold(name)) ?? []);
  const questions = tables.map((shape) => {
    const own = companyColumn(shape);
    const where = own === undefined ? '' : ` WHERE ${quoteName(own.name)} = @company`;
    return `SELECT ${quoteString(fold(shape.name))} AS name WHERE EXISTS (SELECT 1 FROM ${quoteNames(shape.schema, shape.name)}${where})`;
  });
  const rows =
    questions.length === 0
      ? []
      : await session.query<{ name: string }>(
          questions.join('\nUNION ALL '),
          { company: dataAreaId },
          signal,
        );
  const filled = new Set(rows.map(({ name }) => fold(name)));
  return jobs.map((job) => judgeJob(job, filled));
}

/** `filled` = folded names of the tables that have a row of the company. */
export function judgeJob(job: Job, filled: ReadonlySet<string>): JobReadiness {
  const empty = job.essential.filter((table) => !filled.has(fold(table)));
  if (empty.length === 0) return { job, empty, verdict: 'filled' };
  return { job, empty, verdict: job.required === 'always' ? 'empty' : 'not-used' };
}

/** The jobs that a store database still lacks. */
export const missingJobs = (readiness: readonly JobReadiness[]): readonly JobReadiness[] =>
  readiness.filter(({ verdict }) => verdict === 'empty');
