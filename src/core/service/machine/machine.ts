import type { PinStore } from '../../sql/pins.ts';
import type { ServiceManager } from '../manager.ts';
import type { ServiceSecrets } from '../secrets/service-secrets.ts';
import type { Configurations } from './configurations.ts';
import type { MachinePlaces } from './places.ts';

/** How this storedb is started. */
export type OwnProgram = {
  readonly file: string;
  /** What stands before its own arguments: nothing, or the script that Node runs. */
  readonly args: readonly string[];
  /** One file that can be copied; false for a clone, whose service runs it from where it lies. */
  readonly isPacked: boolean;
  readonly version: string;
};

/** This computer, as far as services are concerned. */
export type Machine = {
  readonly places: MachinePlaces;
  readonly configurations: Configurations;
  readonly secrets: ServiceSecrets;
  readonly manager: ServiceManager;
  readonly program: OwnProgram;
  /** Puts a copy of the executable where the services run it from; one that runs there goes on. */
  readonly placeProgram: (from: string, to: string) => Promise<unknown>;
  /** The certificates that were accepted on this computer. */
  readonly pins: PinStore;
};
