import { type ExitName, ExpectedError } from '../../core/errors.ts';
import { removeService } from '../../core/service/install/remove-service.ts';
import { memoryPins } from '../../core/sql/pins.ts';
import { thisMachine } from './this-machine.ts';
import { whichService } from './which-service.ts';

/** `storedb service uninstall`: the computer as it was before; the log stays. */
export async function uninstall(named: string | undefined): Promise<ExitName> {
  const machine = await thisMachine(memoryPins());
  const service = await whichService(named, machine);
  const hindrance = await machine.manager.hindrance();
  if (hindrance !== undefined) throw new ExpectedError({ ...hindrance, exit: 'prerequisite' });
  const restored = await removeService(machine, service);
  for (const name of restored) process.stdout.write(`${name} is as it was before.\n`);
  process.stdout.write(
    `${service} is taken away. Its log stays in ${machine.places.logs(service)}; rows that wait stay in the databases.\n`,
  );
  return 'done';
}
