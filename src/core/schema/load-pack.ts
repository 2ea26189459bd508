import { ExpectedError } from '../errors.ts';
import { splitBatches } from '../sql/batches.ts';
import { hashScript } from './hash.ts';
import type { PackFiles, PackScript, SchemaPack } from './pack.ts';
import { badPack } from './problems.ts';
import { isTransactional, textOfFile, titleOf } from './script-text.ts';
import { listName, parseUpgradeList, type UpgradeRow } from './upgrade-list.ts';

/**
 * Loads and checks a whole pack: the built-in one ('builtin') or a customer's folder; both have the same form.
 * Everything is read and split before anything runs, so that a bad script is found before the first one has changed
 * something. Throws ExpectedError (exit `answers`) naming file and line.
 */
export async function loadPack(location: string, files: PackFiles): Promise<SchemaPack> {
  const isBuiltin = location === 'builtin';
  const origin = isBuiltin ? 'the built-in schema' : location;
  const list = textOfFile(await read(files, location, listName, origin), listName);
  const scripts: PackScript[] = [];
  for (const row of parseUpgradeList(list, listName))
    scripts.push(await loadScript(row, location, files, origin));
  return { name: isBuiltin ? 'builtin' : 'customer', origin, scripts };
}

async function loadScript(
  row: UpgradeRow,
  location: string,
  files: PackFiles,
  origin: string,
): Promise<PackScript> {
  const text = textOfFile(await read(files, location, row.script, origin), row.script);
  const batches = batchesOf(text, row.script);
  if (batches.length === 0)
    throw badPack(
      `${row.script}: the script holds no statement.`,
      'Remove it from the list, or complete it.',
    );
  return {
    id: row.script,
    version: row.version,
    sha256: hashScript(text),
    isTransactional: isTransactional(text, row.script),
    title: titleOf(text),
    batches,
  };
}

function batchesOf(text: string, file: string): PackScript['batches'] {
  try {
    return splitBatches(text, file);
  } catch (error) {
    if (error instanceof ExpectedError && error.exit !== 'answers')
      throw badPack(error.message, error.hint, error);
    throw error;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this account',
  EPERM: 'may not be read by this account',
};

async function read(files: PackFiles, location: string, path: string, origin: string): Promise<Uint8Array> {
  try {
    return await files.read(location, path);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const reason = reasons[code] ?? `cannot be read (${code || String(error)})`;
    const hint =
      path === listName
        ? 'options.schemaPack names the folder that holds it.'
        : `It is listed in ${listName}; complete the folder.`;
    throw badPack(`${path} in ${origin} ${reason}.`, hint, error);
  }
}
