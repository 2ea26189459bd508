// `npm test`: types, style, then the tests on a practice server. Arguments go to vitest.

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
process.exitCode = run([tool('vitest', 'vitest.mjs'), 'run', ...tests]);
