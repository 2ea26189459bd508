// `npm run bench`: the budgets as a table; see scripts/bench/main.ts. `npm run bench -- first-load memory`: parts of it.
import { join } from 'node:path';
import { ensureInstalled, root, run } from './install.mjs';

ensureInstalled();
const built = run([join(root, 'build.mjs'), '--bundle', '--quiet']);
process.exitCode =
  built === 0 ? run([join(root, 'scripts', 'bench', 'main.ts'), ...process.argv.slice(2)]) : built;
