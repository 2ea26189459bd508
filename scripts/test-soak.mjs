// `npm run test:soak`: days of a register's service, as quickly as they go (test/core/sync/shop/soak.ts).

import { join } from 'node:path';
import { ensureInstalled, root, run } from './install.mjs';

ensureInstalled();
process.exitCode = run(['--expose-gc', join(root, 'test/core/sync/shop/soak.ts')]);
