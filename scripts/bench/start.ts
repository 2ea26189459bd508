import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './main.ts';
import { median } from './median.ts';

const rounds = 15;

/** `--version` against an empty script on the same Node, taken in turns. */
export async function measureStart(program: readonly string[]): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'storedb-bench-'));
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const version: number[] = [];
  const nothing: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    version.push(timeOf([...program, '--version']));
    nothing.push(timeOf([process.execPath, empty]));
  }
  rmSync(folder, { recursive: true });
  const ratio = median(version) / median(nothing);
  return [
    {
      what: 'storedb --version against an empty script',
      measured: `${ratio.toFixed(2)} times (${median(version).toFixed(0)} ms, ${median(nothing).toFixed(0)} ms)`,
      budget: 'at most 4 times',
    },
  ];
}

function timeOf([command = '', ...args]: readonly string[]): number {
  const begun = performance.now();
  const result = spawnSync(command, args, { stdio: 'ignore' });
  if (result.status !== 0) throw new Error(`${command} ended with ${result.status}`);
  return performance.now() - begun;
}
