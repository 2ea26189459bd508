import type { Secret } from '../secret.ts';

/** One value of a statement. Amounts, money and bigint travel as text and are cast on the server. */
export type SqlValue = string | number | boolean | Date | Uint8Array | null;
export type SqlParameters = Readonly<Record<string, SqlValue>>;
export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * One physical connection, never silently replaced by another: session locks, SET options and temp tables live as
 * long as it does. After it was lost every call fails with the `connection-lost` ExpectedError.
 *
 * Errors of statements are `SqlFailure`s (see failures.ts) with SQL Server's number; connection failures are
 * ExpectedErrors with a hint.
 */
export type SqlSession = {
  /** Runs through sp_executesql: a nested scope, with parameters (`@name` in the text, `name` here). Rows of the first result set. */
  query<Row extends SqlRow = SqlRow>(
    text: string,
    parameters?: SqlParameters,
    signal?: AbortSignal,
  ): Promise<readonly Row[]>;
  /** Sends the text as a plain batch: SET options and temp tables stay. `messages` are PRINT and low-severity texts in order. */
  batch(text: string, signal?: AbortSignal): Promise<{ readonly messages: readonly string[] }>;
  /** The connection cannot take another statement, whoever ended it. */
  readonly isLost: boolean;
  close(): Promise<void>;
};

export type SignIn =
  | { readonly kind: 'sql'; readonly user: string; readonly password: Secret }
  | { readonly kind: 'ntlm'; readonly domain: string; readonly user: string; readonly password: Secret }
  | { readonly kind: 'windows' };

export type EncryptionChoice = 'verify' | 'trust' | 'legacy' | 'none';

/** Where and how to connect; `server` is what the technician typed. */
export type ConnectionTarget = {
  readonly server: string;
  /** undefined = master. */
  readonly database?: string;
  readonly signIn: SignIn;
  readonly encryption: EncryptionChoice;
};

/** Opens sessions; the port that plan, detect and verify are written against. */
export type SqlServers = {
  /** Throws ExpectedError (exit 5) with the one next thing to do. */
  connect(target: ConnectionTarget, signal?: AbortSignal): Promise<SqlSession>;
};
