import { quoteName } from '../sql/identifiers.ts';

/** The schema that holds what storedb itself writes down in a database, and nothing else. */
export const ownSchema = 'storedb';
/** One row for every attempt to run a script; it decides what is still to do. */
export const journalTable = `${quoteName(ownSchema)}.[Journal]`;
/** One row: which store and company the database belongs to. */
export const identityTable = `${quoteName(ownSchema)}.[DatabaseIdentity]`;
