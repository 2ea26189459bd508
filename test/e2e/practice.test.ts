import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mssql from 'mssql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Workplace } from './storedb.ts';

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place?.remove());

const environment = { STOREDB_PRACTICE_PASSWORD: 'Trainer-4321' };

const startWithFile = async (file: string) => {
  const running = place.start(['practice', '--json', '--data', file], environment);
  const [line] = (await once(createInterface({ input: running.child.stdout }), 'line')) as [string];
  const { server, user, password } = JSON.parse(line) as { server: string; user: string; password: string };
  const [host = '', port] = server.split(',');
  const connect = (database: string) =>
    new mssql.ConnectionPool({
      server: host,
      port: Number(port),
      user,
      password,
      database,
      options: { encrypt: true, trustServerCertificate: true },
    }).connect();
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    running.child.kill(signal);
    return await running.finished;
  };
  return { password, connect, end };
};

test('practice --features lists what is executed, recorded and refused', async () => {
  const { code, stdout } = await place.run(['practice', '--features']);
  expect(code).toBe(0);
  for (const part of ['EXECUTED', 'RECORDED', 'REFUSED', 'MERGE', 'sys.tables', 'NOLOCK', 'xp_cmdshell'])
    expect(stdout).toContain(part);
});

test('practice --data keeps databases over its end, is for one server at a time, and takes the given password', async () => {
  const file = join(place.folder, 'training.sdb');
  const first = await startWithFile(file);
  expect(first.password).toBe(environment.STOREDB_PRACTICE_PASSWORD);
  const pool = await first.connect('master');
  await pool.query('create database shop');
  await pool.query('create table shop.dbo.items(id int primary key, name nvarchar(20))');
  await pool.query("insert shop.dbo.items values (1, N'tea')");
  const second = await place.run(['practice', '--data', file]);
  expect(second.code).toBe(4);
  expect(second.stderr).toContain('in use by another practice server');
  await pool.close();
  await first.end('SIGTERM');

  const again = await startWithFile(file);
  const shop = await again.connect('shop');
  expect((await shop.query('select * from items')).recordset).toEqual([{ id: 1, name: 'tea' }]);
  await shop.close();
  await again.end('SIGKILL');
  // What was kept before a kill is there, and the file is free again.
  const last = await startWithFile(file);
  const whole = await last.connect('shop');
  expect((await whole.query('select count(*) as n from items')).recordset).toEqual([{ n: 1 }]);
  await whole.close();
  await last.end('SIGTERM');
});

test('practice --data refuses a file that is something else', async () => {
  const file = await place.write('letter.txt', 'Dear manager,\n'.repeat(100));
  const { code, stderr } = await place.run(['practice', '--data', file]);
  expect(code).toBe(4);
  expect(stderr).toContain('is not a data file of the practice server');
});

test('a rehearsal that meets a refusal names it and counts it', async () => {
  const pack = join(place.folder, 'pack');
  await mkdir(pack);
  await place.write(
    'pack/POSISUPGRADES.xml',
    `<?xml version="1.0"?><POSISUPGRADES><UPGRADE><UPGRADEVERSION>1.0</UPGRADEVERSION>
<UPGRADESCRIPT>own.sql</UPGRADESCRIPT></UPGRADE></POSISUPGRADES>`,
  );
  await place.write(
    'pack/own.sql',
    `CREATE TABLE dbo.POSISINFO (ID nvarchar(10) NOT NULL CONSTRAINT PK_POSISINFO PRIMARY KEY, [TEXT] nvarchar(50) NULL);
GO
CREATE SYNONYM dbo.Receipts FOR dbo.POSISINFO;
`,
  );
  const answers = await place.write(
    'answers.yaml',
    [
      'version: 1',
      'task: store-database',
      'storeDatabase:',
      "  server: 'SRV01'",
      '  name: POS',
      '  auth: { kind: sql, user: setup, password: env:STORE_PASSWORD }',
      `options: { encryption: trust, schemaPack: '${pack}' }`,
    ].join('\n'),
  );
  const { code, stdout, stderr } = await place.run(['rehearse', answers]);
  expect(code).toBe(13);
  const told = `${stdout}${stderr}`;
  expect(told).toContain('Practice server: CREATE SYNONYM is not supported here.');
  expect(told).not.toContain('Look up error');
  expect(told).toContain('The practice server refused one statement.');
});

test('without a terminal the example answers lead to a register with the rows of its store', async () => {
  const { code, stdout } = await place.run(['--practice']);
  expect(stdout).toContain('No terminal: applying the example answers');
  expect(stdout).toContain('ok       Load the rows for the first time');
  expect(stdout).toContain('Row counts and checksums agree in 161 tables');
  expect(stdout).toMatch(/This set-up is in order: \d+ ok, \d+ warnings, 0 failed\./);
  expect(code).toBe(0);
}, 300_000);
