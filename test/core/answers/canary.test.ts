import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { setField, toAnswers } from '../../../src/core/answers/draft.ts';
import { parseAnswers } from '../../../src/core/answers/load.ts';
import { recordAnswers } from '../../../src/core/answers/record.ts';
import { resolveSecret } from '../../../src/core/answers/secrets.ts';
import { Secret } from '../../../src/core/secret.ts';
import { storeDraft } from './sample-drafts.ts';
import { secretPorts } from './secret-ports.ts';

const canary = 'c4nary-Pa55';

/** Everything that a log, a crash page or a JSON line could show of a value. */
function shown(value: unknown): string {
  const error =
    value instanceof Error ? `${value.message}\n${value.stack}\n${JSON.stringify({ ...value })}` : '';
  return `${inspect(value, { depth: 10, showHidden: true })}\n${JSON.stringify(value)}\n${String(value)}\n${error}`;
}

const withAuth = (auth: string) =>
  `version: 1\ntask: store-database\nstoreDatabase:\n  server: SRV01\n  name: AX\n  auth: ${auth}\n`;

async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

describe('a password written where it does not belong is never repeated', () => {
  test.each([
    withAuth(`{ kind: sql, user: setup, password: ${canary} }`),
    withAuth(`{ kind: sql, user: setup, password: "${canary}" }`),
    withAuth(`{ kind: sql, user: setup, password: x, ${canary} }`),
    withAuth(`{ kind: sql, user: setup, password: x, ${canary}: y }`),
    withAuth(`{ kind: sql, user: setup, password: "x" ${canary} }`),
    withAuth(`{ kind: sql, user: setup, password: ${canary}: ${canary} }`),
    withAuth(`{ kind: sql, user: setup, password: [${canary}] }`),
    withAuth(`{ kind: sql, user: setup, password: *${canary} }`),
    withAuth(`{ kind: sql, user: setup, password: !${canary} x }`),
    withAuth(`{ kind: sql, user: setup, password: "${canary}\\q" }`),
    withAuth(`{ kind: ${canary}, user: setup, password: ${canary} }`),
    withAuth(`{ kind: windows, password: ${canary} }`),
    withAuth(`{ kind: sql, user: '${canary}\\x', password: env:X }`),
    withAuth(`\n    kind: sql\n    password: @${canary}\n`),
    withAuth(`\n    kind: sql\n    password: ${canary}: x\n     y`),
    withAuth(`\n    kind: sql\n    password: |\n ${canary}\n`),
    withAuth(canary),
    withAuth('{ kind: windows }').replace('SRV01', `'Server=SRV01;Password=${canary}'`),
  ])('%j', async (text) => {
    expect(shown(await thrownBy(() => parseAnswers(text, 'a.yaml')))).not.toContain(canary);
  });

  test.each([`storeDatabase.auth.password=${canary}`, `storeDatabase.auth.password:${canary}`])(
    '--set %s',
    async (override) => {
      const text = withAuth('{ kind: windows }');
      expect(shown(await thrownBy(() => parseAnswers(text, 'a.yaml', [override])))).not.toContain(canary);
    },
  );
});

test('a password typed in the wizard shows in no draft, answers or record', () => {
  const draft = setField(storeDraft, 'storeDatabase.auth.password', new Secret(canary));
  const answers = toAnswers(draft);
  expect(shown(draft) + shown(answers) + recordAnswers(answers)).not.toContain(canary);
});

test('answers whose password is no reference are not recorded', async () => {
  const answers = toAnswers(storeDraft);
  const forged = {
    ...answers,
    storeDatabase: {
      ...answers.storeDatabase,
      auth: { kind: 'sql', user: 'setup', password: canary } as const,
    },
  };
  const error = await thrownBy(() => recordAnswers(forged));
  expect(shown(error)).not.toContain(canary);
});

test('a resolved password shows nowhere, and neither does one that was refused', async () => {
  const ports = secretPorts({ environment: { P: canary }, files: { 'two-lines': `\n${canary}\n` } });
  const request = { key: 'storeDatabase.auth.password', question: 'Password' };
  const secret = await resolveSecret({ ...request, reference: 'env:P' }, ports);
  expect(secret.reveal()).toBe(canary);
  expect(shown(secret)).not.toContain(canary);
  const refused = await thrownBy(() => resolveSecret({ ...request, reference: 'file:two-lines' }, ports));
  const forged = await thrownBy(() => resolveSecret({ ...request, reference: canary }, ports));
  expect(shown(refused) + shown(forged)).not.toContain(canary);
});
