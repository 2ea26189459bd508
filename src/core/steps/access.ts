import { secretReference, shortText } from './rules.ts';
import { defineField, defineStep, textOf } from './step.ts';

const user = 'serviceAccount.user';

export const access = defineStep({
  id: 'access',
  title: 'Accounts',
  help: [
    'Who works with the databases from day to day. POS signs in with its Windows account, by the local group POSUsers.',
    'The synchronisation may do so too; then leave this empty. Where the server is not on Windows: the name and',
    'password of a SQL login. It is created on each server and may read, write and execute, nothing else.',
  ].join('\n'),
  isRelevant: (draft) => textOf(draft, 'task') !== 'register-connection',
  fields: [
    defineField({
      key: user,
      label: 'SQL login',
      help: 'For the synchronisation; empty: Windows accounts are used.',
      kind: 'text',
      schema: shortText('The SQL login', 128).refine(
        (name) => !name.includes('\\'),
        'A SQL login has no \\ in it; Windows accounts belong into the local groups.',
      ),
      example: 'storedb_sync',
      isRequired: () => false,
    }),
    defineField({
      key: 'serviceAccount.password',
      label: 'Its password',
      help: 'Never kept: only where to find it (env:NAME, file:PATH, prompt: or stdin:).',
      kind: 'secret',
      schema: secretReference,
      example: 'env:SYNC_PASSWORD',
      isRequired: (draft) => textOf(draft, user) !== '',
    }),
  ],
  summary: (draft) => {
    const name = textOf(draft, user);
    return name === '' ? 'Windows accounts, by local groups' : `SQL login ${name}`;
  },
});
