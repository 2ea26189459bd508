import { configurationsOn } from '../../../src/core/service/machine/configurations.ts';
import type { Machine } from '../../../src/core/service/machine/machine.ts';
import { machinePlaces } from '../../../src/core/service/machine/places.ts';
import { privateFiles } from '../../../src/core/service/machine/private-files.ts';
import { programsOfThisComputer } from '../../../src/core/service/machine/programs.ts';
import type { ServiceManager } from '../../../src/core/service/manager.ts';
import { linuxSecrets } from '../../../src/core/service/secrets/linux-secrets.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';
import { placeExecutable } from '../../../src/core/windows/place-executable.ts';

/** A computer below a folder, with a manager of the test's. `file` is the packed executable. */
export function testMachine(
  root: string,
  manager: ServiceManager,
  file: string,
  pins = memoryPins(),
): Machine {
  const places = machinePlaces('linux', root, {});
  const files = privateFiles();
  const secrets = {
    places,
    files,
    programs: programsOfThisComputer,
    canEncrypt: false,
    credentials: undefined,
  };
  return {
    places,
    configurations: configurationsOn(places, files),
    secrets: linuxSecrets(secrets),
    manager,
    program: { file, args: [], isPacked: true, version: '1.0.0' },
    placeProgram: placeExecutable,
    pins,
  };
}
