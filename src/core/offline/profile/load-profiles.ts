import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExpectedError } from '../../errors.ts';
import { decodeText } from '../../text-encoding.ts';
import type { OfflineProfile } from './profile.ts';
import { parseProfile } from './profile-file.ts';

/** How a shop's own profile is called in the folder of its schema pack. */
const ownFile = 'offline-profile.yaml';

/**
 * The profile that travels with storedb, and the one in the folder of the schema pack where there is one, which comes
 * first when both have the same name. Throws ExpectedError (exit `answers`) for a file that is wrong.
 */
export async function loadProfiles(
  shippedFile: string,
  schemaPack: string,
): Promise<readonly OfflineProfile[]> {
  const shipped = await load(shippedFile, []);
  if (shipped === undefined) throw new Error(`The file ${shippedFile} is missing.`);
  if (schemaPack === 'builtin') return [shipped];
  const own = await load(join(schemaPack, ownFile), [shipped]);
  return own === undefined ? [shipped] : [own, shipped];
}

async function load(path: string, known: readonly OfflineProfile[]): Promise<OfflineProfile | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const text = decodeText(bytes);
  if (text !== undefined) return parseProfile(text, basename(path), known);
  throw new ExpectedError({
    code: 'profile-invalid',
    exit: 'answers',
    message: `${path} is not a text.`,
    hint: 'Save it with the encoding UTF-8.',
  });
}
