import { ExpectedError } from '../../errors.ts';
import type { Secret } from '../../secret.ts';

/** Whose password it is: that of the sign-in to the store's server or to the register's. */
export type SecretName = 'store' | 'offline';

/** A sign-in of the Windows account has none. */
export type SecretsOfService = ReadonlyMap<SecretName, Secret>;

/** Where the passwords of a service are kept on this computer. */
export type ServiceSecrets = {
  /** For messages: "in systemd credentials". */
  readonly described: string;
  /** Puts these in the place of whatever was kept for the service. */
  keep(service: string, secrets: SecretsOfService): Promise<void>;
  /** Throws ExpectedError `service-secret-unreadable`. */
  read(service: string, name: SecretName): Promise<Secret>;
  remove(service: string): Promise<void>;
};

/** `why` must not hold what was read. */
export function unreadable(service: string, name: SecretName, why: string, cause?: unknown): ExpectedError {
  return new ExpectedError({
    code: 'service-secret-unreadable',
    exit: 'prerequisite',
    message: `The password of ${service} for the ${name === 'store' ? 'store' : 'offline'} database cannot be read: ${why}.`,
    hint: 'Install the service again from the answers, which keeps the password anew: storedb service install ANSWERS.',
    details: { service, secret: name },
    cause,
  });
}

/** True when exactly these passwords are kept; false also where that cannot be seen. */
export async function areKept(
  store: ServiceSecrets,
  service: string,
  secrets: SecretsOfService,
): Promise<boolean> {
  for (const [name, secret] of secrets) {
    const kept = await store.read(service, name).catch(() => undefined);
    if (kept?.reveal() !== secret.reveal()) return false;
  }
  return true;
}
