import { ExpectedError } from '../errors.ts';
import type { OperationContext, Outcome, Performer, Progress } from '../plan/operation.ts';
import { statementFailure } from '../plan/sql-error.ts';
import { quoteName, quoteString } from '../sql/identifiers.ts';

/** Makes the SQL login of the run time on one server. An existing one keeps its password: others may use it. */
export type CreateLogin = {
  readonly kind: 'create-login';
  readonly side: 'store' | 'offline';
  readonly login: string;
};

/**
 * CREATE LOGIN takes no parameters, so the statement is put together on the server, and the password travels as a
 * parameter: no text that storedb sends, plans or logs ever holds it.
 */
export const createLogin: Performer<CreateLogin> = async function* (
  { side, login }: CreateLogin,
  context: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  const { serviceAccountPassword: password, signal } = context;
  if (password === undefined) throw new Error('The plan makes a login, but no password was fetched for it.');
  if (password.reveal().length > 128) throw refused(login, 'its password has more than 128 characters.');
  const master = await context.open(side, 'master');
  try {
    await master.query(
      `DECLARE @create nvarchar(max);
SET @create = N'CREATE LOGIN ${quoteName(login).replaceAll("'", "''")} WITH PASSWORD = N''' + REPLACE(@password, N'''', N'''''') + N'''';
IF SUSER_ID(${quoteString(login)}) IS NULL EXEC (@create);`,
      { password: password.reveal() },
      signal,
    );
  } catch (error) {
    const failure = statementFailure(error);
    if (failure === undefined) throw error;
    // The server's own text is not repeated: some of its messages quote the statement.
    if (failure.number === 15116 || failure.number === 15118)
      throw refused(login, 'its password is too simple for the rules of this server.');
    if (failure.number === 15247 || failure.number === 229 || failure.number === 297)
      throw refused(login, 'who signed in to set up may not make logins (securityadmin).');
    throw refused(login, `error ${failure.number}.`);
  }
  context.hasChanged();
  yield { done: 1, total: 1, unit: 'logins' };
  return { outcome: 'done' };
};

function refused(login: string, reason: string): ExpectedError {
  return new ExpectedError({
    code: 'login-not-created',
    exit: 'failedPartWay',
    message: `The server did not take the SQL login ${login}: ${reason}`,
    hint: 'Choose another password (serviceAccount.password), or have an administrator make the login by hand.',
    details: { login },
  });
}
