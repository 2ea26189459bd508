import type { Command } from 'commander';
import { setsOf, withSet } from '../overrides.ts';
import type { Run } from '../run.ts';

/** The commands of the synchronisation; what they do is loaded only when one is chosen. */
export function describeSync(sync: Command, choose: (run: Run) => void): void {
  const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
  const ofOnce = (file: string, options: SyncFlags & { scope: readonly string[] }) => ({
    file,
    set: setsOf(options),
    json: options.json === true,
    scopes: options.scope,
  });
  withSet(sync.command('once <answers>').description('move the rows that wait, once'))
    .option('--json', 'one JSON object a line')
    .option('--scope <name>', 'only this scope (may be repeated)', collect, [])
    .action((file, options) =>
      choose(async (globals) => (await import('./once.ts')).syncOnce(ofOnce(file, options), globals)),
    );
  withSet(sync.command('run <answers>').description('synchronise until it is stopped'))
    .option('--json', 'one JSON object a line')
    .option('--scope <name>', 'only this scope (may be repeated)', collect, [])
    .action((file, options) =>
      choose(async (globals) => (await import('./run.ts')).syncRun(ofOnce(file, options), globals)),
    );
  withSet(sync.command('status <answers>').description('how it stands; changes nothing'))
    .option('--json', 'one JSON object (with --watch: one a line)')
    .option('--watch', 'the monitor: look again every two seconds')
    .action((file, options) =>
      choose(async (globals) => {
        const given = { file, set: setsOf(options), json: options.json === true };
        return options.watch === true
          ? (await import('./watch.ts')).syncWatch(given, globals)
          : (await import('./status.ts')).syncStatus(given, globals);
      }),
    );
  const conflicts = sync.command('conflicts').description('the rows that could not be applied');
  for (const [what, purpose] of conflictCommands) {
    const numbers = what === 'list' ? '' : ' [numbers...]';
    const one = withSet(conflicts.command(`${what} <answers>${numbers}`).description(purpose));
    one.option('--json', 'one JSON value');
    if (what === 'retry') one.option('--all', 'all parked rows');
    one.action((file: string, ...rest: readonly unknown[]) => {
      const ids = what === 'list' ? [] : (rest[0] as readonly string[]);
      const options = one.opts<SyncFlags & { all?: boolean }>();
      const given = {
        what,
        file,
        ids,
        set: setsOf(options),
        json: options.json === true,
        all: options.all === true,
      };
      choose(async (globals) => (await import('./conflicts.ts')).syncConflicts(given, globals));
    });
  }
}

type SyncFlags = { json?: boolean; set: readonly string[]; posConfig?: string };

const conflictCommands = [
  ['list', 'which rows are parked, and why'],
  ['show', 'a parked row beside what both databases hold now'],
  ['retry', 'have the next run try them again'],
  ['accept', 'give the parked version up: the database keeps what it has'],
] as const;
