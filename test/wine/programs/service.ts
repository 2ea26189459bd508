// Run as a service of Wine by test/wine/services.test.ts: says in a file how it lives, and ends with 7.

import { appendFileSync } from 'node:fs';
import { hostWindowsService } from '../../../src/core/windows/index.ts';

const say = (line: string) => appendFileSync('C:\\service.log', `${line}\n`);

say(`up ${process.argv.slice(2).join('|')}`);
const hosting = await hostWindowsService('storedb-houston-1', async ({ signal, ready }) => {
  ready();
  say('ready');
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  say(`stopping: ${signal.reason.control}`);
  return 7;
});
say(hosting);
process.exit();
