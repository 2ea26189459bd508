// `npm start`: storedb on a practice server. In a terminal the wizard opens; without one the example answers are applied.

import { join } from 'node:path';
import { ensureInstalled, root, run } from './install.mjs';

ensureInstalled();
const built = run([join(root, 'build.mjs'), '--bundle', '--quiet']);
process.exitCode =
  built === 0 ? run([join(root, 'dist', 'app', 'main.mjs'), '--practice', ...process.argv.slice(2)]) : built;
