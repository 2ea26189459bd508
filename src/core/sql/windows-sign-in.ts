import { ExpectedError } from '../errors.ts';
import type { SignIn } from './session.ts';

/**
 * The client's half of a sign-in as a Windows account: token for token, until the server is convinced. Windows alone
 * makes the tokens (SSPI), so that no password of its accounts has to be known or kept.
 */
export type Conversation = {
  /** The first token without an argument, then one for each of the server's. Throws ExpectedError. */
  next(token?: Uint8Array): Uint8Array;
  /** Frees what Windows holds for it; to be called once. */
  end(): void;
};

/** A Windows account that is not that of this process, by its password. */
export type OtherAccount = Extract<SignIn, { kind: 'ntlm' }>;

/**
 * Begins a conversation. `service` is the name that the domain may know the server by: MSSQLSvc/HOST:PORT. `account`
 * undefined = the account of this process.
 */
export type WindowsSignIn = (service: string, account: OtherAccount | undefined) => Promise<Conversation>;

/** Windows itself where this is Windows. */
export const systemSignIn: WindowsSignIn | undefined =
  process.platform === 'win32'
    ? async (service, account) => (await import('../windows/index.ts')).beginSignIn(service, account)
    : undefined;

/**
 * Throws ExpectedError `windows-sign-in` for the account of the process where this is not Windows. Another account can
 * sign in from anywhere: the driver knows enough NTLM for that.
 */
export function refuseWindowsSignIn(signIn: SignIn, windows: WindowsSignIn | undefined): void {
  if (signIn.kind !== 'windows' || windows !== undefined) return;
  throw new ExpectedError({
    code: 'windows-sign-in',
    exit: 'prerequisite',
    message: 'storedb can sign in with the Windows account that it runs under only on Windows.',
    hint: 'Use a SQL login, or give a Windows account with its domain, user and password (auth kind ntlm).',
  });
}

/** Undefined where no tokens of Windows are needed, or none can be had. */
export async function beginConversation(
  signIn: SignIn,
  windows: WindowsSignIn | undefined,
  server: { readonly host: string; readonly port: number },
): Promise<Conversation | undefined> {
  if (signIn.kind === 'sql' || windows === undefined) return undefined;
  const service = `MSSQLSvc/${server.host}:${server.port}`;
  return await windows(service, signIn.kind === 'ntlm' ? signIn : undefined);
}
