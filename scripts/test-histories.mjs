// `npm run test:histories`: 50,000 random histories of the synchronisation from a new seed, which is printed.
// STOREDB_HISTORIES and STOREDB_FUZZ_SEED change that; arguments name the test files to run, all of them by default.

import { ensureInstalled, run, tool } from './install.mjs';

ensureInstalled();
const files = process.argv.slice(2);
const chosen = files.length > 0 ? files : ['test/core/sync/histories'];
process.exitCode = run([tool('vitest', 'vitest.mjs'), 'run', ...chosen], {
  STOREDB_HISTORIES: process.env.STOREDB_HISTORIES ?? '50000',
});
