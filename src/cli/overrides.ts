import { resolve } from 'node:path';
import type { Command } from 'commander';

/** A command with --set and its kin. */
export function withSet(command: Command): Command {
  const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
  return command
    .option('--set <key=value>', 'override one answer, never a password (may be repeated)', collect, [])
    .option('--pos-config <file>', 'the POS.exe.config of this register (options.posConfig)');
}

/** The overrides of a command; --pos-config is one by another name, and counts from the current folder. */
export function setsOf({
  set,
  posConfig,
}: {
  set: readonly string[];
  posConfig?: string;
}): readonly string[] {
  return posConfig === undefined ? set : [...set, `options.posConfig=${resolve(posConfig)}`];
}
