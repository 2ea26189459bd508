// `npm run fuzz`: the properties and the fuzz tests of the practice server with 100,000 cases each, from a new seed.
// STOREDB_FUZZ_CASES and STOREDB_FUZZ_SEED change that; arguments name the test files to run, all of them by default.

import { ensureInstalled, run, tool } from './install.mjs';

ensureInstalled();
const files = process.argv.slice(2);
const chosen = files.length > 0 ? files : ['test/practice/fuzz', 'test/practice/properties'];
process.exitCode = run([tool('vitest', 'vitest.mjs'), 'run', ...chosen], {
  STOREDB_FUZZ_CASES: process.env.STOREDB_FUZZ_CASES ?? '100000',
});
