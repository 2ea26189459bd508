// `npm run test:server`: the suites that speak to a server, on the one that the environment names.

import { join } from 'node:path';
import { ensureInstalled, root, run, tool } from './install.mjs';

ensureInstalled();
const missing = ['STOREDB_TEST_SERVER', 'STOREDB_TEST_USER', 'STOREDB_TEST_PASSWORD'].filter(
  (name) => !process.env[name],
);
if (missing.length > 0) {
  process.stderr.write(
    `Set ${missing.join(', ')} to a server on which databases may be created and dropped.\n`,
  );
  process.exit(2);
}
const built = run([join(root, 'build.mjs'), '--bundle', '--quiet']);
if (built !== 0) process.exit(built);
process.exitCode = run([
  tool('vitest', 'vitest.mjs'),
  'run',
  'test/conformance',
  'test/core',
  'test/sql',
  ...process.argv.slice(2),
]);
