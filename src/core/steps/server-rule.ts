import * as z from 'zod';
import { ExpectedError } from '../errors.ts';
import { parseServerName, serverKey } from '../sql/server-name.ts';
import { unprintable } from './rules.ts';

/** What a technician types to name a server: `SERVER`, `SERVER\INSTANCE`, `SERVER,PORT`, `.\SQLEXPRESS`. */
export const serverName = z
  .string('The server is text.')
  .trim()
  .min(1, 'The server is empty: write SERVER, SERVER\\INSTANCE or SERVER,PORT.')
  .superRefine((text, context) => {
    const message = complaintAbout(text);
    if (message !== undefined) context.addIssue(message);
  });

/** Whether two names lead to the same server, as far as names tell; false when one of them is not a name. */
export function isSameServer(one: string, other: string): boolean {
  if (complaintAbout(one) !== undefined || complaintAbout(other) !== undefined) return false;
  return serverKey(parseServerName(one)) === serverKey(parseServerName(other));
}

function complaintAbout(text: string): string | undefined {
  // First of all, because the parser's messages repeat parts of the name, and a connection string holds a password.
  if (/[;=]/.test(text)) return 'This looks like a connection string: write only the name of the server.';
  if (unprintable.test(text))
    return 'The server contains a line break or another control character: remove it.';
  try {
    parseServerName(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return `${error.message} ${error.hint}`.trim();
  }
}
