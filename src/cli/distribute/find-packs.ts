import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openPack } from '../../core/distribute/pack/open-pack.ts';
import type { Pack } from '../../core/distribute/pack/pack.ts';
import { fold } from '../../core/plan/detect/ask.ts';

/** Enough for a stick; a folder of thousands of zips is not looked through. */
const mostCandidates = 50;

/** The packs of a company on the stick: beside the executable and in the current folder, the newest first. */
export async function findPacks(company: string): Promise<readonly Pack[]> {
  const places = [...new Set([process.cwd(), dirname(process.execPath)])];
  const found: Pack[] = [];
  for (const place of places) {
    const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
    const names = entries
      .filter((entry) => entry.isDirectory() || /\.zip$/i.test(entry.name))
      .slice(0, mostCandidates);
    for (const { name } of names) {
      // Most folders and zips are something else.
      const pack = await openPack(join(place, name)).catch(() => undefined);
      if (pack !== undefined && fold(pack.manifest.company) === fold(company)) found.push(pack);
    }
  }
  return found.sort((left, right) => (left.manifest.madeUtc < right.manifest.madeUtc ? 1 : -1));
}
