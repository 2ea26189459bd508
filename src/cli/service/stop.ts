import type { ExitName } from '../../core/errors.ts';
import { memoryPins } from '../../core/sql/pins.ts';
import { thisMachine } from './this-machine.ts';
import { whichService } from './which-service.ts';

/** `storedb service stop`: ends when the process has ended. */
export async function stop(named: string | undefined): Promise<ExitName> {
  const machine = await thisMachine(memoryPins());
  const service = await whichService(named, machine);
  const before = await machine.manager.find(service);
  if (before === undefined) {
    process.stdout.write(`${service} is not installed.\n`);
    return 'done';
  }
  await machine.manager.stop(service);
  process.stdout.write(`${service} is stopped; it starts again with the computer.\n`);
  return 'done';
}
