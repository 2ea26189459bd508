import type { ExpectedError } from '../errors.ts';
import { connectError } from './connect-errors.ts';
import type { FailureContext, ServerError } from './failures.ts';
import { errorCode } from './reach.ts';

/** What was seen of a connection attempt after its TCP connection stood. */
export type AttemptTrace = {
  readonly label: string;
  readonly port: number;
  readonly database: string;
  readonly account: string;
  readonly isEncryptionAsked: boolean;
  /** The server has answered at least one byte. */
  readonly hasAnswered: boolean;
  /** Its answer was that of a SQL Server, and the TLS handshake began. */
  readonly isHandshaking: boolean;
  /** The TLS handshake was finished. */
  readonly isSecure: boolean;
  readonly loginErrors: readonly ServerError[];
};

/** Errors of OpenSSL that mean: no version or cipher in common. */
const tooOld =
  /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_PROTOCOLS|WRONG_VERSION|NO_SHARED_CIPHER|NO_CIPHERS|HANDSHAKE_FAILURE|DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|CA_MD_TOO_WEAK|LEGACY_SIGALG|UNSAFE_LEGACY/i;

/**
 * The ExpectedError for an error of the driver between TCP and the end of the sign-in. The driver gives few codes
 * (ELOGIN, EENCRYPT, ESOCKET, ETIMEOUT), so what was seen on the way decides. SQL Server's number of a refused
 * sign-in comes only through the connection's messages; it stands in `details.number`.
 */
export function explainConnectFailure(error: unknown, trace: AttemptTrace): ExpectedError {
  const context: FailureContext = { server: trace.label, database: trace.database, account: trace.account };
  const driver = codes(error);
  const more = { cause: error, details: { port: trace.port } };

  const login = loginCause(trace.loginErrors);
  if (login) return refusedLogin(login, context, more);
  if (driver.includes('ELOGIN')) return connectError('login-refused', context, { ...more, explain: 18456 });
  if (driver.includes('EENCRYPT')) {
    const explain = trace.isEncryptionAsked ? 'encryption-off' : 'encryption-required';
    return connectError('encryption-mismatch', context, { ...more, explain });
  }
  if (!trace.hasAnswered) {
    const isTimeout = driver.includes('ETIMEOUT');
    const add = isTimeout
      ? 'It takes the connection and says nothing.'
      : 'It takes the connection and closes it.';
    return connectError(isTimeout ? 'no-answer' : 'dropped-at-login', context, { ...more, add });
  }
  if (trace.isEncryptionAsked && !trace.isHandshaking) return connectError('not-sql-server', context, more);
  if (trace.isEncryptionAsked && !trace.isSecure) {
    if (driver.some((code) => tooOld.test(code))) return connectError('tls-too-old', context, more);
    return connectError('tls-failed', context, more);
  }
  if (driver.includes('ETIMEOUT')) return connectError('login-timeout', context, more);
  if (driver.some(isBrokenOff)) return connectError('dropped-at-login', context, more);
  return connectError('not-sql-server', context, more);
}

function refusedLogin(
  login: ServerError,
  context: FailureContext,
  more: { readonly cause: unknown; readonly details: Readonly<Record<string, string | number>> },
): ExpectedError {
  const code = login.number === 4060 ? 'database-missing' : 'login-refused';
  return connectError(code, context, {
    ...more,
    explain: login.number,
    add: `(${login.number})`,
    details: { ...more.details, number: login.number, state: login.state },
  });
}

/** 18456 also follows the error that says why (4060, 17892, 18486): the other one is the cause. */
function loginCause(errors: readonly ServerError[]): ServerError | undefined {
  return errors.find((each) => each.number !== 18456) ?? errors[0];
}

function isBrokenOff(code: string): boolean {
  return (
    code === 'ETIMEOUT' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ECLOSE' ||
    code === 'ENOTOPEN'
  );
}

/** The codes of an error and of everything that it wraps. */
function codes(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const inner = [
    error.cause,
    'originalError' in error ? error.originalError : undefined,
    ...(error instanceof AggregateError ? error.errors : []),
  ];
  return [errorCode(error), ...inner.flatMap((each) => codes(each, depth + 1))].filter((code) => code !== '');
}
