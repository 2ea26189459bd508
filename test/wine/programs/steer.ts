// Run on Windows' Node by test/wine/services.test.ts: steers the service of service.ts, and tells in JSON what it saw.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openServiceControl } from '../../../src/core/windows/index.ts';
import type {
  ServiceDefinition,
  ServiceState,
  ServiceStatus,
} from '../../../src/core/windows/service/service-control.ts';

const name = 'storedb-houston-1';
const definition: ServiceDefinition = {
  name,
  displayName: 'storedb HOUSTON-1',
  description: 'Synchronises the register HOUSTON-1, Käse and all.',
  program: process.execPath,
  args: [fileURLToPath(import.meta.resolve('./service.ts')), 'two words', 'say "x"'],
  startType: 'automatic-delayed',
  account: `NT SERVICE\\${name}`,
  dependencies: [],
  restartDelaysMs: [1000, 2000],
  failureResetSeconds: 86_400,
  preshutdownTimeoutMs: 60_000,
  sid: 'unrestricted',
};
const control = await openServiceControl();
const failure = (error: unknown) => ({ code: (error as { code?: string }).code, text: String(error) });

/** Asks until it is so; the test that runs this has the limit. */
async function arrive(...states: readonly ServiceState[]): Promise<ServiceStatus> {
  for (;;) {
    const status = await control.query(name);
    if (status !== undefined && states.includes(status.state)) return status;
    await pause(50);
  }
}

const absent = { found: await control.find(name), start: await control.start(name).catch(failure) };
const untaken = await control.install(definition);
const again = await control.install(definition);
const found = await control.find(name);
const isListed = (await control.list()).some((service) => service.name === name);
const before = await control.query(name);
await control.start(name);
await control.start(name);
const running = await arrive('running');
await control.stop(name);
await control.stop(name);
const stopped = await arrive('stopped');

await control.start(name);
const killed = await arrive('running');
process.kill(killed.processId ?? 0);
const afterKill = await arrive('stopped', 'start-pending');
// Time enough for the first recovery action, which waits a second.
await pause(3000);
const recovered = await control.query(name);

await control.setStartType(name, 'disabled');
const disabled = await control.start(name).catch(failure);
await control.uninstall(name);
await control.uninstall(name);
const gone = await control.find(name);

process.stdout.write(
  JSON.stringify({
    absent,
    untaken,
    again,
    found,
    isListed,
    before,
    running,
    stopped,
    afterKill,
    recovered,
    disabled,
    gone,
    log: readFileSync('C:\\service.log', 'utf8').trim().split('\n'),
  }),
);
