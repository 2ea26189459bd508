import { databaseName, oneOf, secretReference, shortText } from './rules.ts';
import { serverName } from './server-rule.ts';
import { type Draft, defineField, type Field, type FieldOption, textOf } from './step.ts';

const signIns: readonly FieldOption[] = [
  { value: 'windows', label: 'this Windows account', note: 'Windows only, no password needed' },
  { value: 'sql', label: 'SQL login', note: 'a user and password kept by SQL Server' },
  { value: 'ntlm', label: 'other Windows account', note: 'domain, user and password' },
];

type DatabaseWords = {
  readonly section: 'storeDatabase' | 'offlineDatabase';
  readonly serverHelp: string;
  readonly serverExample: string;
  readonly nameHelp: string;
  readonly nameExample: string;
  readonly suggestedSignIn: 'windows' | 'sql';
  readonly passwordExample: string;
};

/** The six questions that lead to a database: server, name and how to sign in. */
export function databaseFields(words: DatabaseWords): readonly Field[] {
  const key = (name: string) => `${words.section}.${name}`;
  const signsInWith =
    (...kinds: readonly string[]) =>
    (draft: Draft) =>
      kinds.includes(textOf(draft, key('auth.kind')));
  return [
    defineField({
      key: key('server'),
      label: 'Server',
      help: words.serverHelp,
      kind: 'server',
      schema: serverName,
      example: words.serverExample,
    }),
    defineField({
      key: key('name'),
      label: 'Database',
      help: words.nameHelp,
      kind: 'text',
      schema: databaseName,
      example: words.nameExample,
      suggestion: words.nameExample,
    }),
    defineField({
      key: key('auth.kind'),
      label: 'Sign in',
      help: 'An account that may create databases on this server.',
      kind: 'choice',
      options: signIns,
      schema: oneOf(signIns),
      example: words.suggestedSignIn,
      suggestion: words.suggestedSignIn,
    }),
    defineField({
      key: key('auth.domain'),
      label: 'Domain',
      help: 'The Windows domain of the account, or the name of the computer that knows it.',
      kind: 'text',
      schema: shortText('The domain', 255),
      example: 'CONTOSO',
      isRelevant: signsInWith('ntlm'),
    }),
    defineField({
      key: key('auth.user'),
      label: 'User',
      help: 'The name to sign in with.',
      kind: 'text',
      // Neither SQL logins (error 15006) nor Windows user names can contain a backslash.
      schema: shortText('The user', 128).refine(
        (user) => !user.includes('\\'),
        'A user has no \\ in it. For DOMAIN\\user choose the other Windows account (ntlm) and write the domain apart.',
      ),
      example: 'retailsetup',
      isRelevant: signsInWith('sql', 'ntlm'),
    }),
    defineField({
      key: key('auth.password'),
      label: 'Password',
      help: 'Never kept: only where to find it (env:NAME, file:PATH, prompt: or stdin:).',
      kind: 'secret',
      schema: secretReference,
      example: words.passwordExample,
      isRelevant: signsInWith('sql', 'ntlm'),
    }),
  ];
}

/** "SRV01\RETAIL / AXRETAILPOS, SQL login retailsetup" */
export function databaseSummary(section: DatabaseWords['section'], draft: Draft): string {
  const text = (name: string) => textOf(draft, `${section}.${name}`);
  const kind = text('auth.kind');
  const account =
    kind === 'windows'
      ? 'this Windows account'
      : kind === 'ntlm'
        ? `Windows account ${text('auth.domain')}\\${text('auth.user')}`
        : `SQL login ${text('auth.user')}`;
  return `${text('server')} / ${text('name')}, ${account}`;
}
