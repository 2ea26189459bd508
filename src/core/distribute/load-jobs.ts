import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { ExpectedError } from '../errors.ts';
import { fold } from '../plan/detect/ask.ts';
import { decodeText } from '../text-encoding.ts';
import { type Job, jobsFile, parseJobs } from './job.ts';

/** How a company's own jobs are called in the folder of its schema pack. */
const ownFile = 'jobs.yaml';

/**
 * The jobs that travel with storedb and those in the folder of the schema pack, which replace jobs of the same id.
 * Throws ExpectedError `jobs-invalid` (exit `answers`) for a file that is wrong, with the line.
 */
export async function loadJobs(shippedFile: string, schemaPack: string): Promise<readonly Job[]> {
  const shipped = parseJobs(await readFile(shippedFile, 'utf8'));
  if (schemaPack === 'builtin') return shipped;
  const path = join(schemaPack, ownFile);
  const bytes = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return shipped;
  const own = ownJobs(decodeText(bytes), path);
  const ids = new Set(own.map(({ id }) => fold(id)));
  return [...shipped.filter(({ id }) => !ids.has(fold(id))), ...own];
}

function ownJobs(text: string | undefined, path: string): readonly Job[] {
  if (text === undefined) throw invalid(path, 'it is not a text; save it with the encoding UTF-8.');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined)
    throw invalid(`${path}:${syntax.linePos?.[0].line ?? 1}`, syntax.message.split('\n')[0] ?? '');
  const parsed = jobsFile.safeParse(document.toJS());
  if (parsed.success) return parsed.data.jobs;
  const [issue] = parsed.error.issues;
  const place = issue?.path.filter((part) => typeof part !== 'symbol') ?? [];
  const node = document.getIn(place, true);
  const line = lines.linePos((isNode(node) ? node.range?.[0] : undefined) ?? 0).line;
  throw invalid(`${path}:${line}`, `${place.join('.')}: ${issue?.message ?? ''}`);
}

const invalid = (place: string, what: string) =>
  new ExpectedError({
    code: 'jobs-invalid',
    exit: 'answers',
    message: `${place}: ${what}`,
    hint: 'Put the file right; the section on initial data in the README shows how jobs are written.',
  });
