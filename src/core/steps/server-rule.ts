import { z } from 'zod';
import { unprintable } from './rules.ts';

// A connection string pasted into the field holds a password, and the parser's message may repeat what it was given.
const connectionString = /[;=]/;

/** What a technician types to name a server: `SERVER`, `SERVER\INSTANCE`, `SERVER,PORT`, `.\SQLEXPRESS`. */
export const serverName = z
  .string('The server is text.')
  .trim()
  .min(1, 'The server is empty: write SERVER, SERVER\\INSTANCE or SERVER,PORT.')
  .superRefine((text, context) => {
    if (connectionString.test(text)) {
      context.addIssue('This looks like a connection string: write only the name of the server.');
      return;
    }
    if (unprintable.test(text)) context.addIssue('The server contains a control character: remove it.');
  });
