import { parse } from 'yaml';
import * as z from 'zod';

const job = z.strictObject({
  /** 'N-1000' */
  id: z.string().min(1),
  name: z.string().min(1),
  /** N replaces the rows of the company, A sends changes. */
  kind: z.enum(['N', 'A']),
  /** The id is ours: head office has another one, which nobody wrote down. */
  isOwnId: z.boolean().default(false),
  required: z.enum(['always', 'reason-codes', 'loyalty', 'trade-agreements', 'sometimes']),
  /** Tables that cannot be empty once the job has run; none = nobody can tell. */
  essential: z.array(z.string()).default([]),
  tables: z.array(z.string()).min(1),
});

/** A scheduler job of head office: what it brings, and how one sees that it has run. */
export type Job = Readonly<z.infer<typeof job>>;

/** A file of jobs. */
export const jobsFile = z.strictObject({ version: z.literal(1), jobs: z.array(job) });

/** The jobs of the file that travels with storedb. Throws a bug's error when it is wrong: nobody but us writes it. */
export function parseJobs(text: string): readonly Job[] {
  return jobsFile.parse(parse(text)).jobs;
}
