import { ExpectedError } from '../../errors.ts';
import type { Clock } from '../../plan/clock.ts';
import { only } from '../../plan/detect/ask.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { Health } from '../health/health.ts';
import { readHealth } from '../health/health-file.ts';
import { lastLogLine } from '../log/read-log.ts';
import type { MachineConfiguration } from '../machine/configuration.ts';
import type { Machine } from '../machine/machine.ts';
import type { ManagedService } from '../manager.ts';

type Proof = {
  /** 1 = it runs, 2 = its first cycle is done, 3 = its row is in RETAILOFFLINESYNCLOG. */
  readonly step: 1 | 2 | 3;
  readonly message: string;
  /** What is being moved; undefined while nothing is. */
  readonly moving: { readonly table: string; readonly rows: number } | undefined;
};

/** Milliseconds between two looks. */
const pause = 500;
/** Milliseconds that the process gets to leave its first sign of life: a slow disk, and a virus scanner on it. */
const startPatience = 300_000;
/** Milliseconds without a sign of life after which it is called stuck. */
const silence = 120_000;

/**
 * Starts a service, again where it runs already, and waits until it has proven itself: the process runs, its first
 * cycle is done, and the store database has its row. Tells each step as it is reached. Throws ExpectedError
 * `service-not-proven` with the reason: that of the service itself where it left one.
 */
export async function* proveService(
  ports: {
    readonly machine: Machine;
    readonly configuration: MachineConfiguration;
    /** A session in the store database; undefined while that is away, which the service has to live with. */
    readonly store: SqlSession | undefined;
    readonly clock: Clock;
  },
  signal: AbortSignal,
): AsyncGenerator<Proof> {
  const { machine, configuration, store, clock } = ports;
  const { service, register } = configuration;
  const { manager, places } = machine;
  const before = await manager.find(service);
  if (before?.state === 'running' || before?.state === 'starting') await manager.stop(service);
  // What is logged from here on is its own.
  const logged = await loggedCycles(store, register.registerId, signal);
  const begun = clock.now().toISOString();
  await manager.start(service);

  const started = clock.elapsed();
  let heard: { readonly updatedUtc: string; readonly at: number } | undefined;
  let step = 0;
  for (;;) {
    const managed = await manager.find(service);
    const health = await healthSince(places.health(service), begun);
    if (hasFailed(managed) || health?.state === 'ended') throw await notProven(ports, managed, health);
    if (health !== undefined && health.updatedUtc !== heard?.updatedUtc)
      heard = { updatedUtc: health.updatedUtc, at: clock.elapsed() };
    if (clock.elapsed() - (heard?.at ?? started) > (heard === undefined ? startPatience : silence))
      throw await notProven(ports, managed, health);
    if (managed?.state === 'running' && health !== undefined) {
      const cycle = health.lastCycle;
      if (step < 1) yield { step: 1, message: `${service} runs`, moving: undefined };
      step = Math.max(step, 1);
      if (cycle === undefined || cycle.outcome === 'busy') {
        if (health.at !== undefined)
          yield {
            step: 1,
            message: `${health.at.scope}: ${health.at.table}, ${health.at.rows} rows`,
            moving: health.at,
          };
      } else if (cycle.outcome === 'unreachable' && store === undefined) {
        yield {
          step: 2,
          message: 'It waits for the store database and synchronises when that is back',
          moving: undefined,
        };
        return;
      } else if (cycle.outcome === 'failed' || cycle.outcome === 'unreachable') {
        throw await notProven(ports, managed, health);
      } else {
        if (step < 2)
          yield { step: 2, message: `Its first cycle is done, with ${cycle.rows} rows`, moving: undefined };
        step = 2;
        if ((await loggedCycles(store, register.registerId, signal)) > logged) {
          yield { step: 3, message: 'Its row is in RETAILOFFLINESYNCLOG', moving: undefined };
          return;
        }
      }
    }
    await clock.sleep(pause, signal);
  }
}

/** What the process that was started at `begun` says; that of an earlier one counts for nothing. */
async function healthSince(path: string, begun: string): Promise<Health | undefined> {
  const health = await readHealth(path);
  return health !== undefined && health.startedUtc >= begun ? health : undefined;
}

/** A manager that starts it again and again shows it as starting all the time. */
function hasFailed(managed: ManagedService | undefined): boolean {
  if (managed === undefined || managed.state === 'failed' || managed.state === 'stopped') return true;
  return managed.state === 'starting' && managed.problem !== undefined && (managed.restarts ?? 0) > 0;
}

async function loggedCycles(
  store: SqlSession | undefined,
  registerId: string,
  signal: AbortSignal,
): Promise<number> {
  if (store === undefined) return 0;
  const sql = 'SELECT COUNT(*) AS cycles FROM dbo.RETAILOFFLINESYNCLOG WHERE TERMINAL = @register';
  return only(await store.query<{ cycles: number }>(sql, { register: registerId }, signal)).cycles;
}

async function notProven(
  { machine, configuration }: { readonly machine: Machine; readonly configuration: MachineConfiguration },
  managed: ManagedService | undefined,
  health: Health | undefined,
): Promise<ExpectedError> {
  const { service } = configuration;
  const logs = machine.places.logs(service);
  const finding = health?.lastCycle?.findings[0] ?? health?.lastError;
  const why =
    finding?.message ??
    health?.lastEnd?.why ??
    managed?.problem ??
    (await lastLogLine(logs)) ??
    'it gave no sign of life in time';
  return new ExpectedError({
    code: 'service-not-proven',
    exit: 'failedPartWay',
    message: `${service} does not synchronise: ${why}`,
    hint:
      finding?.hint !== undefined && finding.hint !== ''
        ? finding.hint
        : `Look at "storedb service logs ${service}" (${logs}), then run the same command again.`,
    details: { service, state: managed?.state ?? 'missing' },
  });
}
