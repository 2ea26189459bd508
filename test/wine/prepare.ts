// Run by scripts/test-wine.mjs: exit code 0 = Wine is there, 3 = it cannot be had here, with the reason on one line.

import { prepareRoot } from './debian-root.ts';

const prepared = prepareRoot((line) => process.stdout.write(`${line}\n`));
if (prepared.kind === 'unavailable') {
  process.stdout.write(`The Windows executable is not run under Wine: ${prepared.reason}\n`);
  process.exitCode = 3;
}
