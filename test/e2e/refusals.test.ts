import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PracticeServer, Workplace } from './storedb.ts';

describe('what storedb refuses, with its exit code and the next thing to do', () => {
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

  const apply = async (text: string, env = practice.environment, args: readonly string[] = []) => {
    const file = await place.write('answers.yaml', text);
    const { code, stdout, stderr } = await place.run(['apply', ...args, file], env);
    return { code, said: stdout + stderr };
  };
  const query = async (text: string, database = 'master') => {
    const pool = await practice.connect(database);
    try {
      return (await pool.request().query(text)).recordset;
    } finally {
      await pool.close();
    }
  };

  it('bad answers: 3, with file, line and key of every problem', async () => {
    const { code, said } = await apply('version: 1\ntask: store-databse\nstoreDatabase:\n  sever: x\n');
    expect(code).toBe(3);
    expect(said).toMatch(/answers\.yaml:2: task: /);
    expect(said).toMatch(/answers\.yaml:4: storeDatabase\.sever: /);
  });

  it('a literal password: 3, without repeating it', async () => {
    const { code, said } = await apply(practice.answers('X').replace('env:STORE_PASSWORD', 'Geheim#77'));
    expect(code).toBe(3);
    expect(said).toContain('env:NAME');
    expect(said).not.toContain('Geheim#77');
  });

  it('a password that is not there: 3, naming the variable', async () => {
    const { code, said } = await apply(practice.answers('X'), { STORE_PASSWORD: '' });
    expect(code).toBe(3);
    expect(said).toContain('STORE_PASSWORD');
  });

  it('a wrong password: 5, with 18456 and a hint', async () => {
    const { code, said } = await apply(practice.answers('X'), { STORE_PASSWORD: 'not it' });
    expect(code).toBe(5);
    expect(said).toContain('18456');
    expect(said).toContain('Next: ');
  });

  it('a port where nothing listens, a computer without a name, an instance without Browser: 5, each with its own step', async () => {
    const unused = await freePort();
    const to = (server: string) => apply(practice.answers('X').replace(practice.server, server));
    const closed = await to(`127.0.0.1,${unused}`);
    const nameless = await to('no-such-computer.invalid');
    const instance = await to('127.0.0.1\\NOSUCH');
    expect([closed.code, nameless.code, instance.code]).toEqual([5, 5, 5]);
    const steps = [closed, nameless, instance].map(({ said }) => /Next: (.*)/.exec(said)?.[1]);
    expect(new Set(steps).size).toBe(3);
  });

  it('a certificate that nobody vouches for: 5, with its SHA-256', async () => {
    const { code, said } = await apply(
      practice.answers('X').replace('encryption: trust', 'encryption: verify'),
    );
    expect(code).toBe(5);
    expect(said).toMatch(/([0-9A-F]{2}:){3}[0-9A-F]{2}/);
  });

  it("somebody else's database: 4, and it stays as it was", async () => {
    await query('CREATE DATABASE Payroll');
    await query('CREATE TABLE dbo.Wages (Id int NOT NULL PRIMARY KEY)', 'Payroll');
    const { code, said } = await apply(practice.answers('Payroll'));
    expect(code).toBe(4);
    expect(said).toContain('Payroll');
    expect(await query('SELECT name FROM sys.tables', 'Payroll')).toEqual([{ name: 'Wages' }]);
  });

  it('a head-office database: 4, with the reason', async () => {
    await query('CREATE DATABASE AX');
    await query('CREATE TABLE dbo.SQLDICTIONARY (Id int); CREATE TABLE dbo.SYSUSERINFO (Id int)', 'AX');
    const { code, said } = await apply(practice.answers('AX'));
    expect(code).toBe(4);
    expect(said).toMatch(/head.office/i);
  });

  it('a database newer than this program: 4', async () => {
    expect(await apply(practice.answers('Newer'))).toMatchObject({ code: 0 });
    await query("UPDATE dbo.POSISINFO SET TEXT = '6.10.0.0' WHERE ID = 'DBVERSION'", 'Newer');
    const { code, said } = await apply(practice.answers('Newer'));
    expect(code).toBe(4);
    expect(said).toContain('6.10.0.0');
  });

  it('a shipped script that is not what ran: 4, naming it', async () => {
    expect(await apply(practice.answers('Changed'))).toMatchObject({ code: 0 });
    await query(
      "UPDATE storedb.Journal SET Sha256 = REPLICATE('0', 64) WHERE ScriptId LIKE '%010-parameters%'",
      'Changed',
    );
    const { code, said } = await apply(practice.answers('Changed'));
    expect(code).toBe(4);
    expect(said).toContain('010-parameters');
  });

  it('a second store database for one store: 4, naming the first', async () => {
    const store = 'identification: { storeId: HOUSTON, dataAreaId: usrt }';
    expect(await apply(practice.answers('StoreOne', store))).toMatchObject({ code: 0 });
    const { code, said } = await apply(practice.answers('StoreTwo', store));
    expect(code).toBe(4);
    expect(said).toContain('StoreOne');
    expect(await query("SELECT name FROM sys.databases WHERE name = 'StoreTwo'")).toEqual([]);
  });

  it('a register without its store database: 4, saying so', async () => {
    const text = practice
      .answers('X', 'identification: { storeId: HOUSTON, registerId: HOUSTON-1, dataAreaId: usrt }')
      .replace('store-database', 'register-connection');
    const { code, said } = await apply(text);
    expect(code).toBe(4);
    expect(said).toContain('There is no database X');
  });

  it('usage: 2 for a wrong option, a missing file argument, a command that is only half of one', async () => {
    const codes = [];
    for (const args of [['apply'], ['apply', 'x.yaml', '--wat'], ['sync'], ['frobnicate']]) {
      codes.push((await place.run(args)).code);
    }
    expect(codes).toEqual([2, 2, 2, 2]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
