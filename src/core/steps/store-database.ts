import { databaseFields, databaseSummary } from './database-fields.ts';
import { defineStep } from './step.ts';

export const storeDatabase = defineStep({
  id: 'store-database',
  title: 'Store database',
  connection: 'storeDatabase',
  help: [
    "The SQL Server of the store, and the database that all the store's registers work on.",
    'Server: name or IP address; a named instance follows a backslash (SRV01\\RETAIL), a port a comma (SRV01,1433).',
    'Sign in: the account must be allowed to create databases. Ask the person who looks after the server.',
    'This Windows account works only where storedb runs on Windows.',
  ].join('\n'),
  fields: databaseFields({
    section: 'storeDatabase',
    serverHelp: "The store's SQL Server: SERVER, SERVER\\INSTANCE or SERVER,PORT.",
    serverExample: 'SRV01\\RETAIL',
    nameHelp: 'The database for the store; it is created when it does not exist.',
    nameExample: 'AXRETAILPOS',
    suggestedSignIn: 'sql',
    passwordExample: 'env:STORE_PASSWORD',
  }),
  summary: (draft) => databaseSummary('storeDatabase', draft),
});
