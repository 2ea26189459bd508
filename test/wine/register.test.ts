import sql from 'mssql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer } from '../core/plan/test-server.ts';
import { type Ended, startWine, type Wine } from './wine.ts';

const storeAnswers = 'C:\\stick\\store.yaml';
const registerAnswers = 'C:\\stick\\register.yaml';
const service = 'storedb-houston-1';

/** Wine starts what it starts in some seconds, on a busy machine in more. */
const patience = { timeout: 60_000, interval: 250 };

describe('a register under Wine, from the stick to the service', { timeout: 300_000 }, () => {
  let wine: Wine;
  let server: Awaited<ReturnType<typeof startTestServer>>;
  let store: sql.ConnectionPool;

  beforeAll(async () => {
    [wine, server] = await Promise.all([startWine(), startTestServer()]);
    const auth = `auth: { kind: sql, user: ${server.user}, password: env:STORE_PASSWORD }`;
    const database = (section: string, name: string) =>
      `${section}: { server: '${server.server}', name: ${name}, ${auth} }\n`;
    await wine.writeFile(
      storeAnswers,
      `version: 1
task: store-database
identification: { storeId: HOUSTON, dataAreaId: usrt }
${database('storeDatabase', 'AXRETAILPOS')}options: { encryption: trust, schemaPack: builtin, initialData: sample }
`,
    );
    await wine.writeFile(
      registerAnswers,
      `version: 1
task: offline-database
identification: { storeId: HOUSTON, registerId: HOUSTON-1, dataAreaId: usrt }
${database('storeDatabase', 'AXRETAILPOS')}${database('offlineDatabase', 'AXRETAILPOSOFFLINE')}options: { encryption: trust, schemaPack: builtin, offlineProfile: Default pr. }
`,
    );
  }, 120_000);
  afterAll(async () => {
    await store?.close();
    await wine[Symbol.asyncDispose]();
    await server.stop();
  });

  const storedb = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await wine.storedb(args, { environment: { STORE_PASSWORD: server.password } });
    expect(ended.stdout + ended.stderr).not.toContain(server.password);
    return ended;
  };
  const succeeds = async (...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await storedb(...args);
    expect(status, stdout + stderr).toBe(0);
    return stdout;
  };
  const status = async () => JSON.parse((await storedb('service', 'status', service, '--json')).stdout);
  const installed = async () => JSON.parse((await wine.script('find-service.ts', [service])).stdout);
  const loggedRuns = async (): Promise<number> => {
    const { recordset } = await store.query<{ runs: number }>(
      "SELECT COUNT(*) AS runs FROM dbo.RETAILOFFLINESYNCLOG WHERE TERMINAL = N'HOUSTON-1'",
    );
    return recordset[0]?.runs ?? 0;
  };

  it('gets its databases', async () => {
    await succeeds('apply', storeAnswers);
    expect(await succeeds('apply', registerAnswers)).toContain('This set-up is in order');
    const [host = '', port = ''] = server.server.split(',');
    store = await new sql.ConnectionPool({
      server: host,
      port: Number(port),
      user: server.user,
      password: server.password,
      database: 'AXRETAILPOS',
      options: { encrypt: true, trustServerCertificate: true },
    }).connect();
  });

  it('gets its service, which synchronises and says so in the store database', async () => {
    const before = await loggedRuns();
    expect(await succeeds('service', 'install', registerAnswers)).toContain('is installed and synchronises');
    expect(await loggedRuns()).toBeGreaterThan(before);
    expect(await status()).toMatchObject({ managed: { state: 'running' }, verdict: 'well' });
    expect(await succeeds('service', 'logs', service)).toContain('cycle: done');
  });

  it('runs its own copy of the executable, and keeps the password where nobody reads it', async () => {
    expect(await installed()).toMatchObject({
      commandLine: '"C:\\Program Files\\storedb\\storedb.exe" service host storedb-houston-1',
      startType: 'automatic-delayed',
      account: 'NT SERVICE\\storedb-houston-1',
    });
    const inUtf16 = Buffer.from(server.password, 'utf16le').toString('latin1').replaceAll('\0', '\\x00');
    const found = await wine.linux('grep', [
      ...['--recursive', '--files-with-matches', '--binary-files=text', '--perl-regexp'],
      ...[
        `\\Q${server.password}\\E|${inUtf16}`,
        '/root/.wine/drive_c/ProgramData',
        '/root/.wine/drive_c/stick',
      ],
      ...['/root/.wine/system.reg', '/root/.wine/user.reg'],
    ]);
    expect(found).toMatchObject({ status: 1, stdout: '' });
  });

  it('is brought up to date in its place while it runs', async () => {
    expect(await succeeds('service', 'install', registerAnswers)).not.toContain('failed');
    expect(await status()).toMatchObject({ managed: { state: 'running' } });
  });

  it('goes on after its process was killed, as soon as it is started', async () => {
    const { managed } = await status();
    await wine.windows('taskkill', ['/f', '/pid', String(managed.processId)]);
    // Windows would start it again after 5 seconds; Wine 10 has no recovery actions (services.test.ts).
    await vi.waitFor(
      async () => expect(await status()).toMatchObject({ managed: { state: 'failed' } }),
      patience,
    );
    const before = await loggedRuns();
    await succeeds('service', 'start', service);
    expect(await loggedRuns()).toBeGreaterThan(before);
    expect(await status()).toMatchObject({ managed: { state: 'running' }, verdict: 'well' });
  });

  it('stops when it is told to, and is taken away without leaving anything that runs', async () => {
    await succeeds('service', 'stop', service);
    expect(await status()).toMatchObject({ managed: { state: 'stopped' } });
    await succeeds('service', 'uninstall', service);
    expect(await installed()).toBeNull();
    expect((await storedb('verify', registerAnswers)).stdout).toContain('Row counts and checksums agree');
  });
});
