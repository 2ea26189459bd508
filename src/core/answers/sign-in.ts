import type { ConnectionTarget } from '../sql/session.ts';
import type { Answers, DatabaseAnswers } from './answers.ts';
import { resolveSecret, type SecretPorts } from './secrets.ts';

/**
 * Where and how to connect for one database of the answers, its password fetched. `database` stays open: set-up begins
 * in master. Throws what `resolveSecret` throws.
 */
export async function connectionTarget(
  section: 'storeDatabase' | 'offlineDatabase',
  database: DatabaseAnswers,
  encryption: Answers['options']['encryption'],
  ports: SecretPorts,
): Promise<ConnectionTarget> {
  const { server, auth } = database;
  if (auth.kind === 'windows') return { server, encryption, signIn: auth };
  const user = auth.kind === 'ntlm' ? `${auth.domain}\\${auth.user}` : auth.user;
  const password = await resolveSecret(
    {
      key: `${section}.auth.password`,
      reference: auth.password,
      question: `Password of ${user} on ${server}`,
    },
    ports,
  );
  return { server, encryption, signIn: { ...auth, password } };
}
