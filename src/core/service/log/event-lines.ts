import type { Clock } from '../../plan/clock.ts';
import type { SyncEvent } from '../../sync/events.ts';
import type { ServiceLog } from './service-log.ts';

/** Milliseconds between two lines that say that there is nothing to do. */
const idlePause = 10 * 60_000;
/** Milliseconds during which a finding that comes with every cycle is not repeated. */
const repeatPause = 10 * 60_000;

/**
 * Writes the events of the synchronisation into the log: what moved, what went wrong, and every ten minutes that it is
 * alive. A server that is away for a night does not fill the log with one sentence.
 */
export function logEvents(log: ServiceLog, clock: Clock): (event: SyncEvent) => void {
  const saidAt = new Map<string, number>();
  const isNew = (key: string, pause: number) => {
    const now = clock.elapsed();
    for (const [other, at] of saidAt) if (now - at >= Math.max(idlePause, repeatPause)) saidAt.delete(other);
    const at = saidAt.get(key);
    if (at !== undefined && now - at < pause) return false;
    saidAt.set(key, now);
    return true;
  };
  return (event) => {
    switch (event.kind) {
      case 'scope-finished': {
        const { kind: _, findings, ...result } = event;
        const moved = result.downloaded.total + result.uploaded.total;
        for (const finding of findings)
          if (isNew(`${event.scope} ${finding.message}`, repeatPause))
            log.warn({ scope: event.scope, ...finding }, finding.message);
        if (moved > 0 || (result.outcome !== 'done' && isNew(`${event.scope} ${event.outcome}`, repeatPause)))
          log.info(result, `${event.scope}: ${event.outcome}`);
        return;
      }
      case 'finding':
        if (isNew(event.finding.message, repeatPause)) log.warn(event.finding, event.finding.message);
        return;
      case 'cycle-finished': {
        const { runId, outcome, took, findings } = event;
        for (const finding of findings)
          if (isNew(finding.message, repeatPause)) log.warn(finding, finding.message);
        // The first of its kind, then now and again: that it is there and what it makes of the servers.
        if (isNew(`cycle ${outcome}`, idlePause)) log.info({ runId, outcome, took }, `cycle: ${outcome}`);
        return;
      }
      case 'waiting':
        if (event.why === 'back-off' && isNew('back-off', repeatPause))
          log.info({ milliseconds: event.milliseconds }, 'waiting before the servers are tried again');
        return;
      case 'cycle-started':
      case 'scope-started':
      case 'rows-moved':
        return;
    }
  };
}
