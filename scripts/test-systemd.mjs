// `npm run test:systemd`: the built Linux executable as a service of the real systemd, booted in namespaces of its own on
// a throw-away copy of this computer's files. Where that cannot be had it says so in one line, and that is no failure.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root, run, tool } from './install.mjs';

const missing = [
  [process.platform === 'linux', 'this is not Linux'],
  [process.getuid?.() === 0, 'it needs root'],
  [existsSync('/lib/systemd/systemd'), 'systemd is not installed'],
].find(([isThere]) => !isThere);
if (missing !== undefined) {
  process.stdout.write(`Not run under systemd: ${missing[1]}.\n`);
} else {
  ensureInstalled();
  const built = run([join(root, 'build.mjs'), '--linux', '--quiet']);
  if (built !== 0) process.exit(built);
  process.exitCode = run(
    [tool('vitest', 'vitest.mjs'), 'run', join('test', 'systemd'), ...process.argv.slice(2)],
    { STOREDB_TEST_SYSTEMD: '1' },
  );
}
