import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from '../core/plan/test-server.ts';
import { startWine, type Wine } from './wine.ts';

const answers = 'C:\\stick\\answers.yaml';

describe('the Windows executable under Wine', () => {
  let wine: Wine;
  let server: Awaited<ReturnType<typeof startTestServer>>;
  beforeAll(async () => {
    [wine, server] = await Promise.all([startWine(), startTestServer()]);
    const auth = `auth: { kind: sql, user: ${server.user}, password: env:STORE_PASSWORD }`;
    await wine.writeFile(
      answers,
      `version: 1
task: store-database
identification: { storeId: HOUSTON, dataAreaId: usrt }
storeDatabase: { server: '${server.server}', name: AXRETAILPOS, ${auth} }
options: { encryption: trust, schemaPack: builtin }
`,
    );
  });
  afterAll(async () => {
    await wine[Symbol.asyncDispose]();
    await server.stop();
  });
  const storedb = (...args: readonly string[]) =>
    wine.storedb(args, { environment: { STORE_PASSWORD: server.password } });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await storedb('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('creates a store database over TCP, and has nothing to do the second time', async () => {
    const first = await storedb('apply', answers);
    expect(first.status, first.stdout + first.stderr).toBe(0);
    const second = await storedb('apply', answers, '--json');
    expect(second.status, second.stdout + second.stderr).toBe(0);
    expect(first.stdout).toContain('Store database creation was successful.');
    expect(second.stdout).toContain('"actions":[]');
    expect(second.stdout).toContain('Nothing to do');
  });
});
