import type { Machine } from '../machine/machine.ts';
import type { ManagedService } from '../manager.ts';
import type { Health } from './health.ts';
import { readHealth } from './health-file.ts';

/** How a service is, for `status` and `verify`. */
export type ServiceReport = {
  readonly service: string;
  /** Undefined where it is not installed. */
  readonly managed: ManagedService | undefined;
  /** Undefined where it has left no health, or this account may not read it. */
  readonly health: Health | undefined;
  readonly verdict: 'well' | 'unwell';
  readonly message: string;
  /** The one next thing to do; empty when it is well. */
  readonly hint: string;
  readonly places: { readonly logs: string; readonly health: string };
};

/** Milliseconds without a sign of life after which a running service is called stuck; its loop tells every minute. */
const silence = 15 * 60_000;

/** Asks the manager of services and reads what the service itself has left; needs no rights for the first. */
export async function readServiceReport(
  machine: Machine,
  service: string,
  now: Date,
): Promise<ServiceReport> {
  const managed = await machine.manager.find(service);
  const health = await readHealth(machine.places.health(service));
  const places = { logs: machine.places.logs(service), health: machine.places.health(service) };
  return { service, managed, health, places, ...judge(service, managed, health, now) };
}

function judge(
  service: string,
  managed: ManagedService | undefined,
  health: Health | undefined,
  now: Date,
): Pick<ServiceReport, 'verdict' | 'message' | 'hint'> {
  const unwell = (message: string, hint: string) => ({ verdict: 'unwell', message, hint }) as const;
  const start = `storedb service start ${service}`;
  if (managed === undefined)
    return unwell(`${service} is not installed.`, 'Install it: storedb service install ANSWERS');
  if (managed.state !== 'running') {
    // What it said itself at its end is more than the number that the manager knows.
    const said = health?.state === 'ended' && health.lastEnd?.exitCode !== 0 ? health.lastEnd : undefined;
    const why = said?.why ?? managed.problem;
    const hint = said === undefined ? '' : (health?.lastError?.hint ?? '');
    return unwell(`${service} is ${managed.state}${why === undefined ? '' : `: ${why}`}`, hint || start);
  }
  if (health === undefined)
    return unwell(`${service} runs, but its health file cannot be read.`, 'Run this as an administrator.');
  if (now.getTime() - Date.parse(health.updatedUtc) > silence)
    return unwell(`${service} runs, but has given no sign of life since ${health.updatedUtc}.`, start);
  const { lastCycle, lastError, failedInARow } = health;
  if (lastCycle === undefined)
    return unwell(`${service} runs; its first cycle is not done yet.`, 'Wait, and ask again.');
  if (lastCycle.outcome === 'done' || lastCycle.outcome === 'busy')
    return managed.startsWithMachine
      ? { verdict: 'well', message: `${service} synchronises.`, hint: '' }
      : unwell(
          `${service} synchronises, but does not start with the computer.`,
          'Install it again: storedb service install ANSWERS',
        );
  const finding = lastCycle.findings[0] ?? lastError;
  return unwell(
    `${service} runs, and its last ${failedInARow === 1 ? 'cycle' : `${failedInARow} cycles`} went wrong: ${finding?.message ?? lastCycle.outcome}`,
    finding?.hint || `storedb service logs ${service}`,
  );
}
