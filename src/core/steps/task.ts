import { oneOf } from './rules.ts';
import { type Draft, defineField, defineStep, type FieldOption, textOf } from './step.ts';

const tasks: readonly FieldOption[] = [
  { value: 'store-database', label: 'Store database', note: "on the store's SQL Server" },
  {
    value: 'offline-database',
    label: 'Offline database',
    note: 'on this register, kept in step with the store',
  },
  {
    value: 'register-connection',
    label: 'Register only',
    note: 'connect the POS, no offline database',
  },
];

export const task = defineStep({
  id: 'task',
  title: 'What do you want to set up?',
  help: [
    'A store database comes first; registers need it.',
    'Store database: created and filled with tables on the SQL Server of the store, once for each store.',
    'Offline database: lets this register go on selling when the server is gone.',
    'Register only: the POS works on the store database alone.',
    'To check an existing set-up, choose what it is and press V: the same questions, and nothing is changed.',
  ].join('\n'),
  fields: [
    defineField({
      key: 'task',
      label: 'Set up',
      help: 'A store database comes first; registers need it.',
      kind: 'choice',
      options: tasks,
      schema: oneOf(tasks),
      example: 'store-database',
    }),
  ],
  summary: (draft) => tasks.find((option) => option.value === draft.task)?.label ?? '',
});

/** Whether the answers are about a register and not only about the store's server. */
export function isForRegister(draft: Draft): boolean {
  const chosen = textOf(draft, 'task');
  return chosen === 'offline-database' || chosen === 'register-connection';
}

/** Whether the store's server is set up. */
export function isForStoreDatabase(draft: Draft): boolean {
  return textOf(draft, 'task') === 'store-database';
}

/** Whether an offline database is asked for. */
export function isForOfflineDatabase(draft: Draft): boolean {
  return textOf(draft, 'task') === 'offline-database';
}
