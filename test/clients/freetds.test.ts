import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PracticeServer, startPracticeServer } from '../../src/practice/index.ts';
import { type FreeTds, freeTds, hasFreeTds } from './freetds/programs.ts';

const isHere = hasFreeTds();
const reason = isHere ? '' : ', which is not installed (Debian: freetds-bin)';

const columns =
  'ID int not null primary key, RECID bigint not null, NAME nvarchar(60) null, AMOUNT numeric(32,16) null, AT datetime null, DATA varbinary(20) null, NOTE nvarchar(max) null';
const rows = `insert dbo.SOURCE values
  (1, 9223372036854775807, N'äöü€', -1234567890123456.7890123456789012, '2020-02-29T23:59:59.997', 0x00FF, N'long'),
  (2, -1, null, null, null, null, null)`;

describe.skipIf(!isHere)(`FreeTDS${reason}`, () => {
  let server: PracticeServer;
  const problems: string[] = [];
  const clients: FreeTds[] = [];
  const client = (version: string, encryption: 'off' | 'request' | 'require'): FreeTds => {
    const made = freeTds({ ...server, version, encryption });
    clients.push(made);
    return made;
  };

  beforeAll(async () => {
    server = await startPracticeServer({ wire: { onProblem: (problem) => problems.push(problem.message) } });
    const made = await client('7.4', 'require').bsqldb(
      `create table dbo.SOURCE(${columns})\ngo\n${rows}\ngo\n`,
    );
    expect(made).toMatchObject({ status: 0 });
  });
  afterAll(async () => {
    for (const each of clients) each.remove();
    await server.close();
    expect(problems).toEqual([]);
  });

  for (const version of ['7.1', '7.2', '7.3', '7.4']) {
    for (const encryption of ['off', 'request', 'require'] as const) {
      test(`tsql asks over TDS ${version} with encryption ${encryption}`, async () => {
        const { stdout, stderr } = await client(version, encryption).tsql(
          `select * from dbo.SOURCE order by ID\ngo\nraiserror(N'no', 16, 3)\nselect N'after' as a\ngo\n`,
        );
        expect(stdout.trim().split('\n')).toEqual([
          '1\t9223372036854775807\täöü€\t-1234567890123456.7890123456789012\tFeb 29 2020 11:59PM\t00ff\tlong',
          '2\t-1\tNULL\tNULL\tNULL\tNULL\tNULL',
          'after',
        ]);
        expect(stderr).toMatch(/Msg 50000 \(severity 16, state 3\) from PRACTICE Line 1:\s+"no"/);
      });
    }

    test(`freebcp copies a table out and in over TDS ${version}`, async () => {
      const program = client(version, version === '7.2' ? 'off' : 'require');
      const copy = `dbo.COPY${version.replace('.', '')}`;
      await program.tsql(`create table ${copy}(${columns})\ngo\n`);
      const file = join(program.folder, 'rows');
      expect((await program.freebcp('master.dbo.SOURCE', 'out', file, '-c')).stdout).toContain(
        '2 rows copied.',
      );
      expect((await program.freebcp(`master.${copy}`, 'in', file, '-c')).stdout).toContain('2 rows copied.');
      const compared = await program.tsql(
        `select count(*) from ${copy}\nselect * from dbo.SOURCE except select * from ${copy}\ngo\n`,
      );
      expect(compared).toMatchObject({ stdout: '2\n', stderr: '' });
    });
  }

  test('freebcp copies numbers and dates in its native form', async () => {
    const program = client('7.4', 'require');
    const shape =
      'ID int not null, RECID bigint not null, AMOUNT numeric(32,16) not null, AT datetime not null';
    await program.tsql(
      `create table dbo.NATIVE(${shape})\ncreate table dbo.NATIVECOPY(${shape})\ninsert dbo.NATIVE select ID, RECID, AMOUNT, AT from dbo.SOURCE where ID = 1\ngo\n`,
    );
    const file = join(program.folder, 'rows');
    expect((await program.freebcp('master.dbo.NATIVE', 'out', file, '-n')).stdout).toContain(
      '1 rows copied.',
    );
    expect((await program.freebcp('master.dbo.NATIVECOPY', 'in', file, '-n')).stdout).toContain(
      '1 rows copied.',
    );
    const compared = await program.tsql(
      'select count(*) from dbo.NATIVECOPY\nselect * from dbo.NATIVE except select * from dbo.NATIVECOPY\ngo\n',
    );
    expect(compared.stdout).toBe('1\n');
  });

  test('a load that breaks a key is told, and leaves nothing', async () => {
    const program = client('7.4', 'off');
    await program.tsql(
      `create table dbo.KEYED(${columns})\ninsert dbo.KEYED select * from dbo.SOURCE where ID = 2\ngo\n`,
    );
    const file = join(program.folder, 'rows');
    await program.freebcp('master.dbo.SOURCE', 'out', file, '-c');
    const loaded = await program.freebcp('master.dbo.KEYED', 'in', file, '-c');
    expect(loaded.stdout + loaded.stderr).toContain('Violation of PRIMARY KEY constraint');
    expect((await program.tsql('select ID from dbo.KEYED\ngo\n')).stdout).toBe('2\n');
  });

  test('bsqldb runs a script of batches and stops at the first error', async () => {
    const script =
      'create table dbo.STEPS(a int)\ngo\nbegin tran\ninsert dbo.STEPS values (1), (2)\ncommit\ngo\nselect a from dbo.STEPS order by a\ngo\nselect 1 / 0\ngo\ninsert dbo.STEPS values (3)\ngo\n';
    const program = client('7.3', 'require');
    const { status, stdout, stderr } = await program.bsqldb(script);
    expect(stdout.split('\n').map((line) => line.trim())).toEqual(expect.arrayContaining(['1', '2']));
    expect(stderr).toContain('Msg 8134, Level 16, State 1');
    expect(status).not.toBe(0);
    expect((await program.tsql('select count(*) from dbo.STEPS\ngo\n')).stdout).toBe('2\n');
  });

  test('a wrong password is refused with its number', async () => {
    const wrong = freeTds({ ...server, password: 'wrong', version: '7.4', encryption: 'require' });
    clients.push(wrong);
    const { stderr, status } = await wrong.tsql('select 1\ngo\n');
    expect(stderr).toContain('Msg 18456 (severity 14, state 1)');
    expect(status).not.toBe(0);
  });
});
