import type { Job } from './job.ts';
import type { JobReadiness } from './readiness.ts';

/** A job as head office knows it: by its number, or by what it brings where nobody wrote the number down. */
export const jobInWords = ({ id, name, isOwnId }: Job): string =>
  isOwnId ? `the A jobs of ${name.toLowerCase()}` : `${id} ${name}`;

/** 'N-1000 Currency (empty: CURRENCY)' */
export const missingInWords = ({ job, empty }: JobReadiness): string =>
  `${jobInWords(job)} (empty: ${empty.join(', ')})`;

/** What helps against missing data. */
export const bringHint =
  'Ask head office to run its jobs, limited to this store; or load a pack: storedb distribute PACK --answers FILE.';

/** The same where something waits for it. */
export const askingHint = `${bringHint} Then run this again.`;
