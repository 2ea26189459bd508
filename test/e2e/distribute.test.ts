import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PracticeServer, Workplace } from './storedb.ts';

describe('packs of initial data, through the program', () => {
  let place: Workplace;
  let practice: PracticeServer;
  const storeFile = (database: string, more = '') =>
    place.write(
      `${database}.yaml`,
      practice
        .answers(database, `identification: { storeId: ${database}, dataAreaId: usrt }`)
        .replace('trust }', `trust${more} }`),
    );

  beforeAll(async () => {
    place = await Workplace.make();
    practice = await PracticeServer.start(place);
  });

  afterAll(async () => {
    await practice.stop();
    await place.remove();
  });

  it('seed the next store: made, tried, loaded, looked at, made again with the same content', {
    timeout: 300_000,
  }, async () => {
    const run = (...args: readonly string[]) => place.run(args, practice.environment);
    const filled = await storeFile('One', ', initialData: sample');
    expect(await run('apply', filled)).toMatchObject({ code: 0 });
    const zip = join(place.folder, 'one.zip');
    const made = await run('distribute', 'export', zip, '--answers', filled);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const contents = /Contents ([0-9a-f]{64})/.exec(made.stdout)?.[1];
    expect(made.stdout).toContain('3,541 rows of 129 tables, company usrt');
    expect(await run('distribute', 'export', zip, '--answers', filled)).toMatchObject({ code: 2 });

    const empty = await storeFile('Two');
    expect(await run('apply', empty)).toMatchObject({ code: 0 });
    const before = await run('distribute', '--status', '--answers', empty);
    expect(before).toMatchObject({ code: 21 });
    expect(before.stdout).toContain('N-1000 Currency (empty: CURRENCY)');

    const tried = await run('distribute', zip, '--answers', empty, '--dry-run');
    expect(tried).toMatchObject({ code: 0 });
    expect(tried.stdout).toMatch(/INVENTTABLE +500 rows new, 0 changed, 0 gone/);
    expect(tried.stdout).toContain('Nothing was changed.');
    expect(await run('distribute', '--status', '--answers', empty)).toMatchObject({ code: 21 });

    const some = await run('distribute', zip, '--answers', empty, '--jobs', 'N-1000,A-1040');
    expect(some).toMatchObject({ code: 0 });
    expect(some.stdout).toContain('practice server, not SQL Server');
    expect(await run('distribute', zip, '--answers', empty)).toMatchObject({ code: 0 });
    const after = await run('distribute', '--status', '--answers', empty, '--json');
    expect(after).toMatchObject({ code: 0 });
    const jobs: { id: string; verdict: string; tables: { table: string; rows: number }[] }[] = JSON.parse(
      after.stdout,
    ).jobs;
    expect(jobs.find(({ id }) => id === 'N-1000')).toMatchObject({ verdict: 'filled' });
    expect(jobs.flatMap(({ tables }) => tables)).toContainEqual(
      expect.objectContaining({ table: 'PRICEDISCTABLE', rows: 500 }),
    );

    const again = await run(
      'distribute',
      'export',
      join(place.folder, 'two'),
      '--answers',
      empty,
      '--set',
      'identification.storeId=One',
    );
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain(`Contents ${contents}`);
  });

  it('are refused with the exit code that says whether anything changed', { timeout: 120_000 }, async () => {
    const run = (...args: readonly string[]) => place.run(args, practice.environment);
    const answers = await storeFile('One');
    expect(await run('distribute', '--answers', answers)).toMatchObject({ code: 2 });
    expect(await run('distribute', 'x.zip')).toMatchObject({ code: 2 });
    expect(await run('distribute', 'x.zip', '--answers', answers)).toMatchObject({ code: 3 });
    const broken = join(place.folder, 'broken.zip');
    const bytes = await readFile(join(place.folder, 'one.zip'));
    await writeFile(broken, bytes.subarray(0, bytes.length - 100));
    const refused = await run('distribute', broken, '--answers', answers);
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.stderr).toContain('Next: ');
    bytes.write('XX', Math.floor(bytes.length / 2), 'latin1');
    await writeFile(broken, bytes);
    expect(await run('distribute', broken, '--answers', answers)).toMatchObject({ code: 4 });
  });
});
