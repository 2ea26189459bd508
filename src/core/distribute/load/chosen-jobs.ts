import { ExpectedError } from '../../errors.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { InitialData } from '../initial-data.ts';
import type { PackFile, PackJob } from '../pack/manifest.ts';

/** What is loaded of a pack. */
export type ChosenJobs = { readonly jobs: readonly PackJob[]; readonly files: readonly PackFile[] };

/** The jobs that were asked for. Throws ExpectedError (exit `usage`) for one that the pack does not have. */
export function chosenJobs({ pack, jobs: wanted }: InitialData): ChosenJobs {
  const { jobs: all, files } = pack.manifest;
  const unknown = wanted?.find((id) => !all.some((job) => fold(job.id) === fold(id)));
  if (unknown !== undefined)
    throw new ExpectedError({
      code: 'job-unknown',
      exit: 'usage',
      message: `The pack ${pack.place} has no job ${unknown}.`,
      hint: `It has ${all.map(({ id }) => id).join(', ')}.`,
    });
  const jobs =
    wanted === undefined ? all : all.filter(({ id }) => wanted.some((each) => fold(each) === fold(id)));
  const tables = new Set(jobs.flatMap(({ tables: named }) => named).map(fold));
  return { jobs, files: files.filter(({ table }) => tables.has(fold(table))) };
}
