import { ExpectedError } from '../errors.ts';
import type { Finding } from '../plan/plan.ts';
import { explanations } from './hints.ts';

/** One error as SQL Server sent it. `line` counts from the first line of the batch; `class` is the severity. */
export type ServerError = {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly line: number;
  readonly procedure: string;
  readonly serverMessage: string;
};

/**
 * A statement that SQL Server refused. The first of several errors speaks, because it is the cause: 5123 comes
 * before 1802, 1776 before 1750. The ones behind it are in `followedBy`.
 */
export class SqlFailure extends Error implements ServerError {
  override readonly name = 'SqlFailure';
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly line: number;
  readonly procedure: string;
  readonly serverMessage: string;
  readonly followedBy: readonly ServerError[];

  constructor(first: ServerError, followedBy: readonly ServerError[] = [], cause?: unknown) {
    super(`${first.serverMessage} (${first.number})`, cause === undefined ? undefined : { cause });
    this.number = first.number;
    this.state = first.state;
    this.class = first.class;
    this.line = first.line;
    this.procedure = first.procedure;
    this.serverMessage = first.serverMessage;
    this.followedBy = followedBy;
  }
}

/** What messages can name. Nothing secret belongs here. */
export type FailureContext = {
  readonly server?: string | undefined;
  readonly database?: string | undefined;
  readonly account?: string | undefined;
};

/** Plain words and the next step for an error number or a connection code; undefined when the table has none. */
export function hintFor(
  numberOrCode: number | string,
  context: FailureContext,
): { readonly message: string; readonly hint: string } | undefined {
  const found = Object.hasOwn(explanations, numberOrCode) ? explanations[numberOrCode] : undefined;
  if (!found) return undefined;
  return { message: filled(found.says, context), hint: filled(found.next, context) };
}

/** The practice server's refusals begin with its name; they say nothing about the real server. */
const isPracticeRefusal = ({ serverMessage }: SqlFailure): boolean =>
  serverMessage.startsWith('Practice server:');

/** A failure that can be expected, as something to show. */
export function describeFailure(error: ExpectedError | SqlFailure, context: FailureContext): Finding {
  if (error instanceof ExpectedError) return { code: error.code, message: error.message, hint: error.hint };
  const known = hintFor(error.number, context);
  return {
    code: `sql-${error.number}`,
    message: known
      ? `${known.message} The server says: ${error.message}`
      : `The server says: ${error.message}`,
    hint:
      known?.hint ??
      (isPracticeRefusal(error)
        ? 'SQL Server may well do this; "storedb practice --features" lists what the practice server refuses.'
        : `Look up error ${error.number} of SQL Server, or send the log folder to your support.`),
  };
}

function filled(text: string, context: FailureContext): string {
  const filledIn = text
    .replaceAll('{server}', context.server ?? 'the server')
    .replaceAll('{database}', context.database ?? 'the database')
    .replaceAll('{account}', context.account ?? 'this account');
  return filledIn.charAt(0).toUpperCase() + filledIn.slice(1);
}
