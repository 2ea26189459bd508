import { ExpectedError } from '../errors.ts';
import type { Conversation, OtherAccount } from '../sql/windows-sign-in.ts';
import { WindowsError } from './windows-error.ts';

/** What Windows holds for a sign-in, opaque here. */
export type SecurityHandle = Buffer;

/** The functions of SSPI that a client needs; all throw WindowsError. */
export type SecurityCalls = {
  /** `account` undefined = that of this process. */
  acquire(packageName: string, account: OtherAccount | undefined): SecurityHandle;
  /** The first step makes the context; the later ones go on with it. */
  step(
    credentials: SecurityHandle,
    context: SecurityHandle | undefined,
    service: string,
    token: Uint8Array | undefined,
  ): { readonly context: SecurityHandle; readonly token: Uint8Array };
  release(credentials: SecurityHandle, context: SecurityHandle | undefined): void;
};

/**
 * The account of the process signs in by what both sides know, Kerberos before NTLM; that of a name and password by
 * NTLM, which works in workgroups too.
 */
export function conversationWith(
  calls: SecurityCalls,
  service: string,
  account: OtherAccount | undefined,
): Conversation {
  const told = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      throw signInFailure(error, account);
    }
  };
  const credentials = told(() => calls.acquire(account === undefined ? 'Negotiate' : 'NTLM', account));
  let context: SecurityHandle | undefined;
  return {
    next: (token) => {
      const step = told(() => calls.step(credentials, context, service, token));
      context = step.context;
      return step.token;
    },
    end: () => calls.release(credentials, context),
  };
}

/** sspi.h: SEC_E_LOGON_DENIED, SEC_E_NO_CREDENTIALS, SEC_E_NO_AUTHENTICATING_AUTHORITY. */
const reasons: ReadonlyMap<number, string> = new Map([
  [0x8009030c, 'Windows does not accept the user or the password'],
  [0x8009030e, 'this account has nothing that it could sign in with'],
  [0x80090311, 'no computer of the domain answers'],
]);

function signInFailure(error: unknown, account: OtherAccount | undefined): unknown {
  if (!(error instanceof WindowsError)) return error;
  const { call, number } = error;
  const who = account === undefined ? 'the account of this process' : `${account.domain}\\${account.user}`;
  const reason = reasons.get(number) ?? `error 0x${number.toString(16)} of ${call}`;
  return new ExpectedError({
    code: 'windows-sign-in-failed',
    exit: 'connection',
    message: `Windows could not begin to sign in ${who}: ${reason}.`,
    hint: 'Sign in to Windows again with an account that the SQL Server knows, or use a SQL login.',
    details: { call, number },
    cause: error,
  });
}
