// `npm run build`: the executables, on a fresh clone too.

import { join } from 'node:path';
import { ensureInstalled, root, run } from './install.mjs';

ensureInstalled();
process.exitCode = run([join(root, 'build.mjs'), ...process.argv.slice(2)]);
