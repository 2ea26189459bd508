// `npm test`: types, style, then the tests on a practice server. Arguments go to vitest.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root, run, tool } from './install.mjs';

ensureInstalled();
const tests = process.argv.slice(2);
const checks =
  tests.length > 0
    ? []
    : [
        [tool('typescript', 'bin/tsc'), '-p', '.'],
        [tool('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.'],
      ];
for (const check of checks) {
  const status = run(check);
  if (status !== 0) process.exit(status);
}
const built = run([join(root, 'build.mjs'), '--bundle', '--quiet']);
if (built !== 0) process.exit(built);
// The practice servers of a full run write down what they are asked: `npm run test:tsql` reads it.
const recording = join(root, '.cache', 'recorded-sql.jsonl');
if (tests.length === 0) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(recording, { force: true });
}
process.exitCode = run(
  [tool('vitest', 'vitest.mjs'), 'run', ...tests],
  tests.length === 0 ? { STOREDB_RECORD_SQL: recording } : {},
);
