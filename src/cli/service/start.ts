import { type ExitName, ExpectedError } from '../../core/errors.ts';
import { systemClock } from '../../core/plan/index.ts';
import { syncInputOfService } from '../../core/service/host/sync-input.ts';
import { proveService } from '../../core/service/install/prove-service.ts';
import type { MachineConfiguration } from '../../core/service/machine/configuration.ts';
import type { Machine } from '../../core/service/machine/machine.ts';
import { createSqlServers } from '../../core/sql/connect.ts';
import { memoryPins } from '../../core/sql/pins.ts';
import type { SqlSession } from '../../core/sql/session.ts';
import { connectTimeout } from '../set-up.ts';
import { listenForStop } from '../stop-signals.ts';
import { thisMachine } from './this-machine.ts';
import { whichService } from './which-service.ts';

/** `storedb service start`: ends when the service has proven itself, or with the reason why it has not. */
export async function start(named: string | undefined): Promise<ExitName> {
  const machine = await thisMachine(memoryPins());
  const service = await whichService(named, machine);
  const configuration = await machine.configurations.find(service);
  const hindrance = await machine.manager.hindrance();
  if (hindrance !== undefined) throw new ExpectedError({ ...hindrance, exit: 'prerequisite' });
  if (configuration === undefined || (await machine.manager.find(service)) === undefined)
    throw notInstalled(service);
  const stop = listenForStop(() => {
    process.stderr.write('Not waiting any longer; the service goes on by itself.\n');
  });
  const store = await storeOf(machine, configuration, stop.signal);
  try {
    let last = '';
    for await (const { message } of proveService(
      { machine, configuration, store, clock: systemClock },
      stop.signal,
    )) {
      if (message !== last) process.stdout.write(`  ok       ${message}\n`);
      last = message;
    }
  } catch (error) {
    if (stop.signal.aborted) return 'cancelledDuring';
    throw error;
  } finally {
    stop.release();
    await store?.close();
  }
  process.stdout.write(`${service} synchronises register ${configuration.register.registerId}.\n`);
  return 'done';
}

/** With the service's own sign-in, so that what it may not do shows here as well. Undefined while the store is away. */
async function storeOf(
  { secrets }: Machine,
  configuration: MachineConfiguration,
  signal: AbortSignal,
): Promise<SqlSession | undefined> {
  const pins = memoryPins(new Map(Object.entries(configuration.pins)));
  const servers = createSqlServers({ pins, appName: 'storedb', connectTimeoutMs: connectTimeout });
  const input = await syncInputOfService(configuration, { secrets, servers, clock: systemClock, host: '' });
  try {
    return await servers.connect(input.store, signal);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    process.stdout.write(`  warning  ${error.message}\n`);
    return undefined;
  }
}

function notInstalled(service: string): ExpectedError {
  return new ExpectedError({
    code: 'service-missing',
    exit: 'prerequisite',
    message: `${service} is not installed on this computer.`,
    hint: 'Install it from the answers of the register: storedb service install ANSWERS',
  });
}
