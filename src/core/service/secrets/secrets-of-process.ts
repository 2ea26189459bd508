import type { MachinePlaces } from '../machine/places.ts';
import { privateFiles } from '../machine/private-files.ts';
import { programsOfThisComputer } from '../machine/programs.ts';
import { encryptsCredentials, linuxSecrets } from './linux-secrets.ts';
import type { ServiceSecrets } from './service-secrets.ts';

/** The passwords as the service process gets at them; `credentials` is systemd's $CREDENTIALS_DIRECTORY. */
export async function secretsOfProcess(
  places: MachinePlaces,
  credentials: string | undefined,
): Promise<ServiceSecrets> {
  if (places.platform === 'win32') {
    const { windowsSecrets } = await import('../windows/windows-secrets.ts');
    return windowsSecrets(places, privateFiles());
  }
  const programs = programsOfThisComputer;
  const canEncrypt = credentials === undefined && (await encryptsCredentials(programs));
  return linuxSecrets({ places, files: privateFiles(), programs, canEncrypt, credentials });
}
