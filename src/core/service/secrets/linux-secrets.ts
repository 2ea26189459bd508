import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import type { MachinePlaces } from '../machine/places.ts';
import type { PrivateFiles } from '../machine/private-files.ts';
import type { Programs } from '../machine/programs.ts';
import { type SecretName, type ServiceSecrets, unreadable } from './service-secrets.ts';

/** The name of a password among the service's credentials; it is bound to an encrypted one. */
export const credentialOf = (name: SecretName): string => `${name}-password`;

/** The file that holds it; the ending says whether systemd has to decrypt it. */
export const secretFile = (
  places: MachinePlaces,
  service: string,
  name: SecretName,
  isEncrypted: boolean,
): string => join(places.secrets(service), `${name}${isEncrypted ? '.cred' : '.password'}`);

/**
 * Passwords on Linux. With `systemd-creds` (systemd 250 and later) the files are encrypted for this computer
 * (its TPM where it has one), else they are plain files of mode 0600. Either way systemd hands them to the running
 * service alone, as credentials: https://systemd.io/CREDENTIALS.
 */
export function linuxSecrets(options: {
  readonly places: MachinePlaces;
  readonly files: PrivateFiles;
  readonly programs: Programs;
  readonly canEncrypt: boolean;
  /** $CREDENTIALS_DIRECTORY: set for the service process by systemd. */
  readonly credentials: string | undefined;
}): ServiceSecrets {
  const { places, files, programs, canEncrypt, credentials } = options;
  const fileOf = (service: string, name: SecretName) => secretFile(places, service, name, canEncrypt);
  return {
    described: canEncrypt ? 'as encrypted systemd credentials' : 'in files that only root may read',
    async keep(service, secrets) {
      const made = new Map<SecretName, string>();
      for (const [name, secret] of secrets)
        made.set(name, canEncrypt ? await encrypted(programs, name, secret) : secret.reveal());
      await files.remove(places.secrets(service));
      for (const [name, content] of made) await files.write(fileOf(service, name), content, service);
    },
    async read(service, name) {
      const file = credentials === undefined ? fileOf(service, name) : join(credentials, credentialOf(name));
      let content: string;
      try {
        content = await readFile(file, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const why = code === 'ENOENT' ? `${file} is missing` : `${file} cannot be read (${code})`;
        throw unreadable(service, name, why, error);
      }
      if (credentials === undefined && canEncrypt) return await decrypted(programs, service, name, content);
      if (content === '') throw unreadable(service, name, `${file} is empty`);
      return new Secret(content);
    },
    remove: (service) => files.remove(places.secrets(service)),
  };
}

/** Whether this computer's systemd encrypts credentials. */
export async function encryptsCredentials(programs: Programs): Promise<boolean> {
  const { code } = await programs.run('systemd-creds', ['--version']);
  return code === 0;
}

/** The password goes in by standard input: arguments stand in the list of processes. */
async function encrypted(programs: Programs, name: SecretName, secret: Secret): Promise<string> {
  const args = ['encrypt', `--name=${credentialOf(name)}`, '-', '-'];
  const { code, stdout, stderr } = await programs.run('systemd-creds', args, secret.reveal());
  if (code === 0 && stdout.trim() !== '') return stdout;
  throw new ExpectedError({
    code: 'service-secret-not-kept',
    exit: 'failedPartWay',
    message: `systemd-creds could not encrypt the password (${lastLine(stderr) ?? `it ended with ${code}`}).`,
    hint: 'Run this as root; "systemd-creds setup" makes the key of this computer.',
  });
}

async function decrypted(
  programs: Programs,
  service: string,
  name: SecretName,
  content: string,
): Promise<Secret> {
  const args = ['decrypt', `--name=${credentialOf(name)}`, '-', '-'];
  const { code, stdout, stderr } = await programs.run('systemd-creds', args, content);
  if (code === 0 && stdout !== '') return new Secret(stdout);
  throw unreadable(
    service,
    name,
    `systemd-creds could not decrypt it (${lastLine(stderr) ?? `it ended with ${code}`})`,
  );
}

/** Notes come first, the reason last. */
function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}
