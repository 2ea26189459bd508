import { type ExitName, ExpectedError, exitCodes } from '../../errors.ts';
import type { Clock } from '../../plan/clock.ts';
import type { SyncEvent } from '../../sync/events.ts';
import { afterEnd, afterEvent, type Health } from '../health/health.ts';
import type { HealthFile } from '../health/health-file.ts';
import { logEvents } from '../log/event-lines.ts';
import type { ServiceLog } from '../log/service-log.ts';
import { watchLife } from './life.ts';

/** Who started the process: systemd, Windows' service control manager, or a person at a console. */
export type ServiceHost = {
  /** Aborted when the service is to end. */
  readonly signal: AbortSignal;
  /** It works from here on; until then it is starting. */
  ready(status: string): void;
  /** The watchdog's food; `status` is one line for people. */
  alive(status: string): void;
  stopping(): void;
};

export type ServePorts = {
  /**
   * Reads the configuration and the passwords; gives the synchronisation that never ends by itself. Everything that
   * either throws ends the service.
   */
  readonly prepare: () => Promise<(signal: AbortSignal) => AsyncIterable<SyncEvent>>;
  readonly health: HealthFile;
  /** The health to begin with. */
  readonly begun: Health;
  readonly log: ServiceLog;
  readonly clock: Clock;
};

/** Milliseconds between two beats of the watchdog, a third of what the unit allows. */
export const beat = 20_000;
/** Milliseconds that the loop gets to end in order; then the process ends without it, and the next cycle repeats. */
const patience = 20_000;

/**
 * The life of the service process. Gives the exit code: 0 only when it was told to end. What goes wrong is in the log
 * and in the health file; starting the process again is the business of who started it.
 */
export async function serve(ports: ServePorts, host: ServiceHost): Promise<number> {
  const { clock, log } = ports;
  const life = watchLife(clock);
  const logEvent = logEvents(log, clock);
  let health = ports.begun;
  const ended = Promise.withResolvers<'silent' | 'too slow to stop'>();

  const watchdog = setInterval(() => {
    if (life.isAlive()) host.alive(statusOf(health));
    else ended.resolve('silent');
  }, beat);
  let impatience: NodeJS.Timeout | undefined;
  const onStop = () => {
    host.stopping();
    log.info({}, 'told to stop');
    impatience = setTimeout(() => ended.resolve('too slow to stop'), patience);
  };
  host.signal.addEventListener('abort', onStop, { once: true });

  const synchronise = async () => {
    const events = await ports.prepare();
    host.ready(statusOf(health));
    for await (const event of events(host.signal)) {
      life.sign(event);
      health = afterEvent(health, event, clock.now());
      logEvent(event);
      ports.health.keep(health);
    }
    return 'ended' as const;
  };

  let end: { readonly exit: ExitName; readonly why: string };
  try {
    log.info({ version: health.storedb, processId: health.processId }, 'started');
    await ports.health.finish(health);
    end = endOf(await Promise.race([synchronise(), ended.promise]), host.signal.aborted);
  } catch (error) {
    const failure = host.signal.aborted ? undefined : failureOf(error);
    if (failure !== undefined) {
      log.error({ code: failure.code, hint: failure.hint, stack: failure.stack }, failure.message);
      const { code, message, hint } = failure;
      health = { ...health, lastError: { code, message, hint, atUtc: clock.now().toISOString() } };
    }
    end =
      failure === undefined
        ? { exit: 'done', why: 'told to stop' }
        : { exit: failure.exit, why: failure.message };
  } finally {
    clearInterval(watchdog);
    clearTimeout(impatience);
    host.signal.removeEventListener('abort', onStop);
  }
  const { code } = exitCodes[end.exit];
  log.info({ exitCode: code }, `ended: ${end.why}`);
  await ports.health.finish(afterEnd(health, code, end.why, clock.now()));
  await log.close();
  return code;
}

function endOf(how: 'ended' | 'silent' | 'too slow to stop', isTold: boolean) {
  if (how === 'silent')
    return { exit: 'bug', why: 'the synchronisation was silent for too long; it is started again' } as const;
  if (how === 'too slow to stop')
    return {
      exit: 'cancelledDuring',
      why: 'did not stop in time; the next start repeats the cycle',
    } as const;
  return isTold
    ? ({ exit: 'done', why: 'told to stop' } as const)
    : ({ exit: 'bug', why: 'the synchronisation ended by itself' } as const);
}

function failureOf(error: unknown) {
  if (error instanceof ExpectedError) {
    const { code, message, hint, exit } = error;
    return { code, message, hint, exit, stack: undefined };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    code: 'bug',
    message: `A bug in storedb: ${message}`,
    hint: 'Report it with the log of the service.',
    exit: 'bug' as const,
    stack,
  };
}

/** One line for `systemctl status`. */
function statusOf({ state, at, lastCycle, failedInARow }: Health): string {
  if (at !== undefined) return `${at.scope}: ${at.table}, ${at.rows} rows`;
  if (lastCycle === undefined) return state === 'waiting' ? 'Waiting' : 'First cycle';
  if (lastCycle.outcome === 'done') return `In step since ${lastCycle.finishedUtc}`;
  return `${failedInARow} cycles went wrong, the last at ${lastCycle.finishedUtc}: ${lastCycle.outcome}`;
}
