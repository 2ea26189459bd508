import { systemClock } from '../../plan/clock.ts';
import type { PinStore } from '../../sql/pins.ts';
import { placeExecutable } from '../../windows/place-executable.ts';
import { encryptsCredentials, linuxSecrets } from '../secrets/linux-secrets.ts';
import { systemdManager } from '../systemd/systemd-manager.ts';
import { configurationsOn } from './configurations.ts';
import type { Machine, OwnProgram } from './machine.ts';
import { type MachinePlaces, machinePlaces } from './places.ts';
import { privateFiles } from './private-files.ts';
import { type Programs, programsOfThisComputer } from './programs.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where services live on this computer, or below STOREDB_MACHINE_ROOT: an image that is being made, or a test. */
export function placesOfThisComputer(environment: Environment): MachinePlaces {
  const platform = process.platform === 'win32' ? 'win32' : 'linux';
  return machinePlaces(platform, environment.STOREDB_MACHINE_ROOT ?? '', environment);
}

/** This computer, for whoever installs services and looks after them. */
export async function openMachine(
  program: OwnProgram,
  pins: PinStore,
  environment: Environment,
  programs: Programs = programsOfThisComputer,
): Promise<Machine> {
  const places = placesOfThisComputer(environment);
  const common = { places, program, placeProgram: placeExecutable, pins };
  if (places.platform === 'win32') {
    const { windowsMachine } = await import('../windows/windows-machine.ts');
    return { ...common, ...(await windowsMachine(places, systemClock)) };
  }
  const files = privateFiles();
  const canEncrypt = await encryptsCredentials(programs);
  return {
    ...common,
    configurations: configurationsOn(places, files),
    secrets: linuxSecrets({ places, files, programs, canEncrypt, credentials: undefined }),
    manager: systemdManager(places, programs, canEncrypt),
  };
}
