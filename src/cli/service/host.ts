import { hostname } from 'node:os';
import { join } from 'node:path';
import { ExpectedError, exitCodes } from '../../core/errors.ts';
import { systemClock } from '../../core/plan/index.ts';
import { beginHealth } from '../../core/service/health/health.ts';
import { healthFile, readHealth } from '../../core/service/health/health-file.ts';
import { type ServePorts, serve } from '../../core/service/host/serve.ts';
import { syncInputOfService } from '../../core/service/host/sync-input.ts';
import { openServiceLog } from '../../core/service/log/service-log.ts';
import { readConfiguration } from '../../core/service/machine/configurations.ts';
import { placesOfThisComputer } from '../../core/service/machine/open-machine.ts';
import { secretsOfProcess } from '../../core/service/secrets/secrets-of-process.ts';
import { isServiceName } from '../../core/service/service-name.ts';
import { openNotify } from '../../core/service/systemd/notify.ts';
import { configurationCredential } from '../../core/service/systemd/unit.ts';
import { eventSource } from '../../core/service/windows/event-source.ts';
import { createSqlServers } from '../../core/sql/connect.ts';
import { memoryPins } from '../../core/sql/pins.ts';
import { runLoop } from '../../core/sync/index.ts';
import { version } from '../../version.ts';
import { connectTimeout } from '../set-up.ts';
import { listenForStop } from '../stop-signals.ts';
import { warn } from '../warn.ts';

/**
 * `storedb service host NAME`: the service process itself, which systemd or Windows starts. It ends by itself only
 * when something is wrong with what it was given; whoever started it then starts it again. Gives the exit code.
 */
export async function host(service: string): Promise<number> {
  if (!isServiceName(service))
    throw new ExpectedError({
      code: 'service-name',
      exit: 'usage',
      message: `${service} is not the name of a service of storedb.`,
      hint: 'Services are started by systemd or Windows; "storedb service status" names them.',
    });
  const ports = await portsOf(service);
  // Node's own warnings go where everything else goes, instead of onto a console that nobody sees; that node:ffi is an
  // experiment is no news, because the executable carries its Node.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') ports.log.warn({ name }, message);
  });
  return await (process.platform === 'win32' ? onWindows(service, ports) : onLinux(ports));
}

async function portsOf(service: string): Promise<ServePorts> {
  const places = placesOfThisComputer(process.env);
  const { CREDENTIALS_DIRECTORY: credentials } = process.env;
  const clock = systemClock;
  const complain = (reason: string) => warn(`The service works on without this file: ${reason}`);
  const own = { service, storedb: version, processId: process.pid };
  return {
    clock,
    log: openServiceLog({ folder: places.logs(service), service, clock, complain }),
    health: healthFile(places.health(service), complain),
    begun: beginHealth(own, clock.now(), await readHealth(places.health(service))),
    async prepare() {
      const path = places.configuration(service);
      const copy = credentials === undefined ? path : join(credentials, configurationCredential);
      const configuration = await readConfiguration(path, copy);
      const pins = memoryPins(new Map(Object.entries(configuration.pins)));
      const input = await syncInputOfService(configuration, {
        secrets: await secretsOfProcess(places, credentials),
        servers: createSqlServers({ pins, appName: 'storedb service', connectTimeoutMs: connectTimeout }),
        clock,
        host: hostname(),
      });
      return (signal) => runLoop(input, {}, signal);
    },
  };
}

async function onLinux(ports: ServePorts): Promise<number> {
  const notify = await openNotify(process.env.NOTIFY_SOCKET);
  const stop = listenForStop(() => undefined);
  return await serve(ports, {
    signal: stop.signal,
    ready: (status) => notify?.('READY', status),
    alive: (status) => notify?.('WATCHDOG', status),
    stopping: () => notify?.('STOPPING'),
  });
}

async function onWindows(service: string, ports: ServePorts): Promise<number> {
  const { hostWindowsService, reportEvent } = await import('../../core/windows/index.ts');
  /** What an administrator looks for in Windows' own event log; the service's log has the rest. */
  const note = async (kind: 'information' | 'error', id: number, text: string) => {
    try {
      await reportEvent(eventSource, { kind, id, text: `${service} ${text}` });
    } catch (error) {
      ports.log.warn({ reason: String(error) }, 'Windows took no entry for its event log');
    }
  };
  let code: number = exitCodes.bug.code;
  const hosting = await hostWindowsService(service, async ({ signal, ready }) => {
    // Windows has no watchdog; a loop that is silent for too long ends the process, and Windows starts it again.
    const silent = { alive: () => undefined, stopping: () => undefined };
    await note('information', 1, `has started (storedb ${version}).`);
    code = await serve(ports, { signal, ready, ...silent });
    if (code === 0) await note('information', 2, 'has stopped.');
    else await note('error', 3, `ended with exit code ${code}; storedb service logs tells why.`);
    return code;
  });
  if (hosting === 'ended') return code;
  throw new ExpectedError({
    code: 'not-a-service',
    exit: 'usage',
    message: 'This command is for Windows to start as a service.',
    hint: `Start the service with: storedb service start ${service}`,
  });
}
