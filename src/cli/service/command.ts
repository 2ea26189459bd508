import type { Command } from 'commander';
import type { Run } from '../run.ts';

/**
 * The commands of the service. Except for `install` they take the answers, the name of a service, or nothing where the
 * computer has only one.
 */
export function describeService(service: Command, choose: (run: Run) => void): void {
  const which = '[service]';
  service
    .command('install <answers>')
    .description('install it, bring it up to date or give it a new password, and start it')
    .option('--json', 'one JSON object a line')
    .action((file, { json }) =>
      choose(async (globals) => (await import('./install.ts')).install(file, json === true, globals)),
    );
  service
    .command(`start ${which}`)
    .description('start it and wait until it has synchronised')
    .action((named) => choose(async () => (await import('./start.ts')).start(named)));
  service
    .command(`stop ${which}`)
    .description('stop it; it starts again with the computer')
    .action((named) => choose(async () => (await import('./stop.ts')).stop(named)));
  service
    .command(`status ${which}`)
    .description('how it is: 0 when it synchronises, 21 when not')
    .option('--json', 'one JSON object')
    .action((named, { json }) =>
      choose(async () => (await import('./status.ts')).status(named, json === true)),
    );
  service
    .command(`logs ${which}`)
    .description('the end of its log')
    .option('--lines <n>', 'how many lines', '50')
    .option('--json', 'as they are in the file')
    .action((named, { lines, json }) =>
      choose(async () => (await import('./logs.ts')).logs(named, lines, json === true)),
    );
  service
    .command(`uninstall ${which}`)
    .description('stop it and take it away; databases and rows stay')
    .action((named) => choose(async () => (await import('./uninstall.ts')).uninstall(named)));
  // For systemd and Windows, not for people.
  service
    .command('host <service>', { hidden: true })
    .action((named) => choose(async () => (await import('./host.ts')).host(named)));
}
