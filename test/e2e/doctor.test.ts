import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PracticeServer, Workplace } from './storedb.ts';

describe('storedb doctor', () => {
  let place: Workplace;
  let practice: PracticeServer;
  beforeAll(async () => {
    place = await Workplace.make();
    practice = await PracticeServer.start(place);
  });
  afterAll(async () => {
    await practice.stop();
    await place.remove();
  });

  const doctor = async (text: string, env = practice.environment) => {
    const file = await place.write('answers.yaml', text);
    const { code, stdout } = await place.run(['doctor', '--json', file], env);
    return {
      code,
      ...(JSON.parse(stdout) as {
        exit: string;
        findings: { label: string; status: string; hint?: string }[];
      }),
    };
  };

  it('goes through the layers and says that nothing stands in the way', async () => {
    const { code, findings } = await doctor(practice.answers('Healthy'));
    expect(code).toBe(0);
    expect(findings.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Name found', 'Port', 'Encryption', 'Sign in', 'Server', 'Rights', 'Set-up']),
    );
    const pool = await practice.connect();
    const found = await pool.request().query("SELECT name FROM sys.databases WHERE name = 'Healthy'");
    await pool.close();
    expect(found.recordset).toEqual([]);
  });

  it('ends at the layer that fails, with the next thing to do, and with 5', async () => {
    const { code, findings } = await doctor(practice.answers('X'), { STORE_PASSWORD: 'wrong' });
    expect(code).toBe(5);
    expect(findings.at(-1)).toMatchObject({
      label: 'Sign in',
      status: 'failed',
      hint: expect.stringMatching(/./),
    });
  });

  it('is given up at Ctrl+C while a server says nothing, with 10', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const text = practice.answers('X').replace(practice.server, `127.0.0.1,${port}`);
    const { child, finished } = place.start(
      ['doctor', await place.write('silent.yaml', text)],
      practice.environment,
    );
    // Should it end by itself before, the exit code tells.
    await Promise.race([once(silent, 'connection'), finished]);
    child.kill('SIGINT');
    const { code, stderr } = await finished;
    silent.close();
    expect(stderr).toContain('nothing was changed');
    expect(code).toBe(10);
  });

  it('finds what would stop a set-up, with 4', async () => {
    const pool = await practice.connect();
    await pool.request().query('CREATE DATABASE Foreigner');
    await pool.close();
    const inside = await practice.connect('Foreigner');
    await inside.request().query('CREATE TABLE dbo.Wages (Id int NOT NULL PRIMARY KEY)');
    await inside.close();
    const { code, findings } = await doctor(practice.answers('Foreigner'));
    expect(code).toBe(4);
    expect(findings.at(-1)).toMatchObject({
      label: 'Set-up',
      status: 'failed',
      hint: expect.stringMatching(/./),
    });
  });
});
