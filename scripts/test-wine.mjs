// `npm run test:wine`: the built Windows executable under Wine 10, in a Debian 13 of its own that is prepared in .cache/.
// Where that cannot be had (no root, no apt, no mount namespaces) it says so in one line, and that is no failure.

import { join } from 'node:path';
import { ensureInstalled, root, run, tool } from './install.mjs';

const unavailable = 3;

ensureInstalled();
const prepared = run([join('test', 'wine', 'prepare.ts')]);
if (prepared !== 0) process.exit(prepared === unavailable ? 0 : prepared);
const built = run([join(root, 'build.mjs'), '--windows', '--quiet']);
if (built !== 0) process.exit(built);
process.exitCode = run(
  [tool('vitest', 'vitest.mjs'), 'run', join('test', 'wine'), ...process.argv.slice(2)],
  { STOREDB_TEST_WINE: '1' },
);
