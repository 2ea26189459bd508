import { ExpectedError } from '../errors.ts';
import { type FailureContext, hintFor } from './failures.ts';

/** How far a connection had come when it failed; each layer needs the ones before it. */
export type ConnectLayer = 'name' | 'port' | 'encryption' | 'sign-in';

const layers: Readonly<Record<string, ConnectLayer>> = {
  'name-not-found': 'name',
  'port-closed': 'port',
  'no-answer': 'port',
  'no-route': 'port',
  'browser-silent': 'port',
  'instance-unknown': 'port',
  'tcp-off': 'port',
  'not-sql-server': 'port',
  'certificate-unknown': 'encryption',
  'certificate-changed': 'encryption',
  'tls-too-old': 'encryption',
  'tls-failed': 'encryption',
  'encryption-mismatch': 'encryption',
};

/** The layer at which a failure of `connect` happened. */
export function layerOf(error: ExpectedError): ConnectLayer {
  return layers[error.code] ?? 'sign-in';
}

/**
 * The ExpectedError of a connection (exit `connection`) with the words of the hint table under `explain`, which is
 * `code` unless a number says more. `add` goes behind the message: what exactly, where exactly.
 */
export function connectError(
  code: string,
  context: FailureContext,
  more: {
    readonly explain?: number | string;
    readonly add?: string;
    readonly hint?: string;
    readonly details?: Readonly<Record<string, string | number>>;
    readonly cause?: unknown;
  } = {},
): ExpectedError {
  const words = hintFor(more.explain ?? code, context);
  const message = words?.message ?? `The connection to ${context.server ?? 'the server'} failed.`;
  return new ExpectedError({
    code,
    exit: 'connection',
    message: more.add === undefined ? message : `${message} ${more.add}`,
    hint: more.hint ?? words?.hint ?? 'Look in the log of that SQL Server.',
    details: { ...(context.server === undefined ? {} : { server: context.server }), ...more.details },
    cause: more.cause,
  });
}
