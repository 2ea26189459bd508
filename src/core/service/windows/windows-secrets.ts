import { readFile } from 'node:fs/promises';
import { win32 } from 'node:path';
import { Secret } from '../../secret.ts';
import { protect, unprotect } from '../../windows/index.ts';
import type { MachinePlaces } from '../machine/places.ts';
import type { PrivateFiles } from '../machine/private-files.ts';
import { type SecretName, type ServiceSecrets, unreadable } from '../secrets/service-secrets.ts';

/**
 * Passwords on Windows: encrypted by DPAPI for this computer, because the technician encrypts and the service's own
 * account decrypts. Any account of the computer could decrypt such a file, so its access list is the real guard: only
 * administrators and the service may read it. The name of the service is the entropy: a file that was copied over
 * that of another service is no password.
 */
export function windowsSecrets(places: MachinePlaces, files: PrivateFiles): ServiceSecrets {
  const fileOf = (service: string, name: SecretName) => win32.join(places.secrets(service), `${name}.dpapi`);
  const entropyOf = (service: string, name: SecretName) => `storedb ${service} ${name}`;
  return {
    described: 'encrypted by Windows (DPAPI)',
    async keep(service, secrets) {
      const made = new Map<SecretName, Uint8Array>();
      for (const [name, secret] of secrets) {
        const entropy = entropyOf(service, name);
        made.set(name, await protect(Buffer.from(secret.reveal(), 'utf8'), { scope: 'machine', entropy }));
      }
      await files.remove(places.secrets(service));
      for (const [name, bytes] of made) await files.write(fileOf(service, name), Buffer.from(bytes), service);
    },
    async read(service, name) {
      const file = fileOf(service, name);
      let bytes: Uint8Array;
      try {
        bytes = await readFile(file);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw unreadable(service, name, code === 'ENOENT' ? `${file} is missing` : `${file}: ${code}`, error);
      }
      try {
        return new Secret(Buffer.from(await unprotect(bytes, entropyOf(service, name))).toString('utf8'));
      } catch (error) {
        throw unreadable(service, name, `${file} was not encrypted on this computer for it`, error);
      }
    },
    remove: (service) => files.remove(places.secrets(service)),
  };
}
