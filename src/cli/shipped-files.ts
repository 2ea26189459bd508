import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder that holds `sql/` and `assets/`: found by walking up from this file, which works from the source, from
 * dist/app and inside the executable alike. (Inside it, only paths work: `fs` does not see the snapshot through URLs.)
 */
function shippedRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'sql', 'POSISUPGRADES.xml'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No sql folder above ${import.meta.dirname}`);
  }
}

/** Paths of what travels inside the executable. */
export const shippedFiles = {
  builtinPack: (): string => join(shippedRoot(), 'sql'),
  exampleAnswers: (name: string): string => join(shippedRoot(), 'assets', 'example-answers', name),
  offlineProfile: (): string => join(shippedRoot(), 'assets', 'offline-profiles', 'default.yaml'),
  jobs: (): string => join(shippedRoot(), 'assets', 'jobs', 'jobs.yaml'),
  samplePack: (): string => join(shippedRoot(), 'assets', 'sample-data'),
  answersSchema: (): string => join(shippedRoot(), 'assets', 'answers.schema.json'),
} as const;
