import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeDatabase } from '../../src/cli/probe-database.ts';
import { wizardAnswers } from '../../src/cli/wizard-answers.ts';
import { startingDraft } from '../../src/core/answers/draft.ts';
import { Secret } from '../../src/core/secret.ts';
import { memoryPins } from '../../src/core/sql/pins.ts';
import type { Draft } from '../../src/core/steps/index.ts';
import type { TestServer } from '../core/plan/store-runs.ts';
import { startTestServer } from '../core/plan/test-server.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server?.stop();
});

const answersOf = (draft: Draft) =>
  wizardAnswers(draft, { pins: memoryPins(), practice: undefined, warn: () => undefined });

describe('the test of the connection', () => {
  it.each(['store-database', 'offline-database', 'register-connection'])(
    'needs no answer of a page that comes later: %s',
    async (task) => {
      const draft: Draft = {
        ...startingDraft(),
        task,
        'storeDatabase.server': server.server,
        'storeDatabase.auth.kind': 'sql',
        'storeDatabase.auth.user': server.user,
        'storeDatabase.auth.password': new Secret(server.password),
        'options.encryption': 'trust',
      };
      const found: string[] = [];
      const events = probeDatabase(answersOf, 'storeDatabase', draft, new AbortController().signal);
      // A certificate that is not known yet ends the test: it has spoken to the server by then.
      for await (const { label, status } of events) found.push(`${label}: ${status}`);
      expect(found.join('\n')).toMatch(/^Name.*: ok$/m);
    },
  );
});
