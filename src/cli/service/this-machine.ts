import type { Machine } from '../../core/service/machine/machine.ts';
import { openMachine } from '../../core/service/machine/open-machine.ts';
import type { PinStore } from '../../core/sql/pins.ts';
import { version } from '../../version.ts';
import { ownCommand } from '../own-program.ts';

/** This computer, with the storedb that is at work and the certificates that were accepted here. */
export async function thisMachine(pins: PinStore): Promise<Machine> {
  return await openMachine({ ...ownCommand(), version }, pins, process.env);
}
