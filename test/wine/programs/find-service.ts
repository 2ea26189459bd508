// Run on Windows' Node by test/wine/register.test.ts: how the service of that name is installed, as JSON; null for none.

import { openServiceControl } from '../../../src/core/windows/index.ts';

const control = await openServiceControl();
process.stdout.write(JSON.stringify((await control.find(process.argv[2] ?? '')) ?? null));
