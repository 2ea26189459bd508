// `npm run test:tsql`: Microsoft's own T-SQL parser over sql/ and over what the tests sent. Needs the .NET SDK.

import { join } from 'node:path';
import { ensureInstalled, root, run } from './install.mjs';

ensureInstalled();
process.exitCode = run([join(root, 'test', 'tsql-lint', 'check.ts')]);
