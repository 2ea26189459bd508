// `npm run test:clients`: the practice server under clients that are not ours, FreeTDS and Microsoft.Data.SqlClient.
// Brings FreeTDS in where apt-get can; a client that cannot be had here is named and left out, and that is no failure.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, run, tool } from './install.mjs';

/** For each step of apt-get; a mirror that does not answer must not hold a build up. */
const LIMIT_MS = 120_000;

ensureInstalled();
const problem = installFreeTds();
if (problem !== undefined) process.stdout.write(`FreeTDS is left out: ${problem}\n`);
if (!answers('dotnet', ['--version'])) {
  process.stdout.write('Microsoft.Data.SqlClient is left out: no .NET SDK\n');
}
process.exitCode = run([
  tool('vitest', 'vitest.mjs'),
  'run',
  join('test', 'clients'),
  ...process.argv.slice(2),
]);

function answers(program, args) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: LIMIT_MS }).status === 0;
}

/** Why FreeTDS cannot be had; undefined when it is there. */
function installFreeTds() {
  if (answers('tsql', ['-C'])) return undefined;
  if (process.platform !== 'linux' || !answers('apt-get', ['--version'])) return 'no apt-get here';
  if (process.getuid?.() !== 0) return 'apt-get wants root (install freetds-bin yourself)';
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'freetds-bin'],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout: LIMIT_MS,
    });
    if (status !== 0) {
      return `apt-get ${args[0]} ${status === null ? 'took too long' : `failed: ${stderr.trim().split('\n').at(-1) ?? ''}`}`;
    }
  }
  return answers('tsql', ['-C']) ? undefined : 'freetds-bin has no tsql that runs';
}
