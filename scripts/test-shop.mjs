// `npm run test:shop`: an hour of a shop with a hundred registers, as quickly as it goes (test/core/sync/shop/hour.ts).

import { join } from 'node:path';
import { ensureInstalled, root, run } from './install.mjs';

ensureInstalled();
process.exitCode = run([join(root, 'test/core/sync/shop/hour.ts')]);
