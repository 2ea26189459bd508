import { databaseFields, databaseSummary } from './database-fields.ts';
import { isSameServer } from './server-rule.ts';
import { defineStep, textOf } from './step.ts';
import { isForOfflineDatabase } from './task.ts';

export const offlineDatabase = defineStep({
  id: 'offline-database',
  title: 'Offline database',
  connection: 'offlineDatabase',
  help: [
    'The SQL Server on this register, and the database it sells from when the store cannot be reached.',
    'Server: usually .\\SQLEXPRESS, the SQL Server Express of this computer.',
  ].join('\n'),
  isRelevant: isForOfflineDatabase,
  fields: databaseFields({
    section: 'offlineDatabase',
    serverHelp: 'The SQL Server of this register, usually .\\SQLEXPRESS.',
    serverExample: '.\\SQLEXPRESS',
    nameHelp: 'The database on this register; it is created when it does not exist.',
    nameExample: 'AXRETAILPOSOFFLINE',
    suggestedSignIn: 'windows',
    passwordExample: 'env:OFFLINE_PASSWORD',
  }),
  check: (draft) => {
    const both = (name: string) =>
      [textOf(draft, `storeDatabase.${name}`), textOf(draft, `offlineDatabase.${name}`)] as const;
    const [storeName, offlineName] = both('name');
    if (storeName.toLowerCase() !== offlineName.toLowerCase() || !isSameServer(...both('server'))) return [];
    return [
      {
        key: 'offlineDatabase.name',
        message: "This is the store database itself: write another name, or the register's own server.",
      },
    ];
  },
  summary: (draft) => databaseSummary('offlineDatabase', draft),
});
