import { ExpectedError } from '../errors.ts';
import type { SetupInput } from '../plan/setup.ts';
import { databaseOf, type Side } from '../plan/situation.ts';
import { checksOf } from './checks.ts';
import type { Check } from './events.ts';

/**
 * Signs in as the account of every day, with the password of the answers: a login that was there before kept its own
 * password, and only a sign-in tells. Nothing where the answers name no account.
 */
export async function checkAccount(
  side: Side,
  { answers, servers, serviceAccountPassword: password }: SetupInput,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const user = answers.serviceAccount?.user;
  if (user === undefined || password === undefined) return [];
  const say = checksOf(side);
  const id = `account:${user}`;
  const { server, name: database } = databaseOf(side, answers);
  const { encryption } = answers.options;
  try {
    const signIn = { kind: 'sql', user, password } as const;
    const session = await servers.connect({ server, database, signIn, encryption }, signal);
    await session.close();
    return [say.ok(id, `${user} signs in with the password of the answers`)];
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.exit !== 'connection') throw error;
    return [
      say.failed(
        id,
        `${user} cannot sign in with the password of the answers: ${error.message}`,
        'Give its real password as serviceAccount.password, or have an administrator set this one for the login.',
      ),
    ];
  }
}
