import { ExpectedError } from '../core/errors.ts';
import { decodeText } from '../core/text-encoding.ts';
import { readSmallFile } from './small-file.ts';

/** Bytes; the plan of a large schema pack has some megabytes. */
const largestPlan = 64 * 1024 * 1024;

/**
 * The fingerprint in a file that `plan --json` wrote; in UTF-16 too, which is what `>` of Windows PowerShell makes.
 * Throws ExpectedError `plan-unreadable` (exit answers).
 */
export async function fingerprintOf(path: string): Promise<string> {
  const plan = parsed(await textOf(path), path);
  const fingerprint =
    typeof plan === 'object' && plan !== null && 'fingerprint' in plan ? plan.fingerprint : undefined;
  if (typeof fingerprint !== 'string') throw unreadable(path, 'this is not a plan');
  return fingerprint;
}

async function textOf(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readSmallFile(path, largestPlan);
  } catch (error) {
    throw unreadable(path, 'it cannot be read', error);
  }
  const text = bytes.length > largestPlan ? undefined : decodeText(bytes);
  if (text === undefined) throw unreadable(path, 'this is not a plan');
  return text;
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(path, 'this is not JSON, or it was cut off', error);
  }
}

function unreadable(path: string, message: string, cause?: unknown): ExpectedError {
  return new ExpectedError({
    code: 'plan-unreadable',
    exit: 'answers',
    message: `${path}: ${message}.`,
    hint: 'Make it with "storedb plan ANSWERS --json > FILE".',
    cause,
  });
}
