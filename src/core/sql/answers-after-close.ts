import type { Connection } from 'tedious';
import type { Parser } from 'tedious/lib/token/token-stream-parser.js';

/**
 * The answer of a connection, which says nothing any more once that is closed. The driver (tedious 20) completes a
 * request when its answer ends, also where closing has completed it a moment before: an uncaught TypeError, which ends
 * the process.
 */
export function silentOnceClosed<Answer extends Parser>(connection: Connection, answer: Answer): Answer {
  const emit = answer.emit.bind(answer);
  answer.emit = (...event) => !connection.closed && emit(...event);
  return answer;
}

/** Makes all further answers of the connection such. */
export function silenceOnceClosed(connection: Connection): void {
  const answerOf = connection.createTokenStreamParser.bind(connection);
  connection.createTokenStreamParser = (...message) => silentOnceClosed(connection, answerOf(...message));
}
