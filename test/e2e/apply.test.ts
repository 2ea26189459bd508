import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PracticeServer, Workplace } from './storedb.ts';

describe('storedb apply, as a process', () => {
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

  it('creates the store database, and finds nothing to do the second time', async () => {
    const answers = await place.write('first.yaml', practice.answers('AXRETAILPOS'));

    const first = await place.run(['apply', answers], practice.environment);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('Store database creation was successful.');
    expect(first.stdout).toContain('practice server, not SQL Server');

    const before = await writes(practice, 'AXRETAILPOS');
    const second = await place.run(['apply', answers], practice.environment);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('Nothing to do');
    expect(await writes(practice, 'AXRETAILPOS')).toEqual(before);

    const plan = await place.run(['plan', '--json', answers], practice.environment);
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.stdout)).toMatchObject({ actions: [], isPracticeServer: true });
  });

  it('tells the run as JSON lines that end with the proof of it', async () => {
    const answers = await place.write('json.yaml', practice.answers('AsJson'));
    const { code, stdout } = await place.run(['apply', '--json', answers], practice.environment);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({ kind: 'run-started', isPracticeServer: true });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'run-finished', exit: 'done' }));
    expect(events.at(-1)).toMatchObject({ kind: 'verified', exit: 'done', failed: 0 });
    expect(events.filter((event) => event.kind === 'action-finished' && event.outcome !== 'done')).toEqual(
      [],
    );
  });

  it('writes nothing when it only plans', async () => {
    const answers = await place.write('plan.yaml', practice.answers('OnlyPlanned'));
    const plan = await place.run(['plan', '--sql', '-', answers], practice.environment);
    expect(plan.code).toBe(0);
    expect(plan.stdout).toContain('CREATE DATABASE [OnlyPlanned]');
    const pool = await practice.connect();
    const found = await pool.request().query("SELECT name FROM sys.databases WHERE name = 'OnlyPlanned'");
    await pool.close();
    expect(found.recordset).toEqual([]);
  });

  it('applies a saved plan, and refuses it when the server has changed since', async () => {
    const answers = await place.write('saved.yaml', practice.answers('Saved'));
    const plan = await place.run(['plan', '--json', answers], practice.environment);
    const file = await place.write('plan.json', plan.stdout);
    expect(await place.run(['apply', '--plan', file, answers], practice.environment)).toMatchObject({
      code: 0,
    });
    const again = await place.run(['apply', '--plan', file, answers], practice.environment);
    expect(again.code).toBe(4);
    expect(again.stdout + again.stderr).toMatch(/changed since|another plan|no longer/i);
  });

  it.each([['a]b'], ["it's; DROP TABLE x --"], ['数据库 ü'], ['"quoted"'], ['x'.repeat(123)]])(
    'creates a database with the name %j',
    async (name) => {
      const answers = await place.write('hostile.yaml', practice.answers(name));
      const { code, stderr } = await place.run(['apply', answers], practice.environment);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const pool = await practice.connect(name);
      const version = await pool.request().query("SELECT TEXT FROM dbo.POSISINFO WHERE ID = 'DBVERSION'");
      await pool.close();
      expect(version.recordset).toEqual([{ TEXT: '6.2.1.0' }]);
    },
  );

  it('varies one file over many registers with --set, but never a password', async () => {
    const answers = await place.write('set.yaml', practice.answers('Set'));
    const plan = await place.run(
      ['plan', '--json', '--set', 'storeDatabase.name=Other', answers],
      practice.environment,
    );
    expect(JSON.parse(plan.stdout)).toMatchObject({ target: { database: 'Other' } });
    const refused = await place.run(['apply', '--set', 'storeDatabase.auth.password=Canary#1', answers]);
    expect(refused.code).toBe(2);
    expect(refused.stdout + refused.stderr).not.toContain('Canary#1');
  });

  it('leaves the password nowhere', async () => {
    const answers = await place.write('canary.yaml', practice.answers('Canary'));
    const ended = await place.run(['apply', answers], practice.environment);
    const wrong = await place.run(['apply', answers], { STORE_PASSWORD: 'Wrong#Canary#2' });
    expect(ended.code).toBe(0);
    expect(wrong.code).toBe(5);
    const shown = [
      ended.stdout,
      ended.stderr,
      wrong.stdout,
      wrong.stderr,
      await place.everythingWritten(),
    ].join('\n');
    expect(shown).not.toContain(practice.password);
    expect(shown).not.toContain('Wrong#Canary#2');
  });
});

/** Something that every write changes: the journal's rows and the newest object. */
async function writes(practice: PracticeServer, database: string): Promise<unknown> {
  const pool = await practice.connect(database);
  const rows = await pool.request().query('SELECT RunId, ScriptId, Outcome FROM storedb.Journal');
  const objects = await pool
    .request()
    .query('SELECT MAX(modify_date) AS newest, COUNT(*) AS number FROM sys.objects');
  await pool.close();
  return [rows.recordset, objects.recordset];
}
