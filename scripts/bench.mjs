// `npm run bench`: the budgets as a table; see scripts/bench/main.ts.
import { join } from 'node:path';
import { ensureInstalled, root, run } from './install.mjs';

ensureInstalled();
const built = run([join(root, 'build.mjs'), '--bundle', '--quiet']);
process.exitCode = built === 0 ? run([join(root, 'scripts', 'bench', 'main.ts')]) : built;
