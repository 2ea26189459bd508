import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogOf } from './catalog.ts';
import { randomNumbers } from './random.ts';
import { PracticeServer, Workplace } from './storedb.ts';

/** Printed with every failure; STOREDB_TEST_SEED repeats a run. */
const seed = Number(process.env.STOREDB_TEST_SEED ?? Date.now() % 1_000_000);

describe(`interrupted runs (seed ${seed})`, () => {
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

  const catalog = async (database: string) => {
    const pool = await practice.connect(database);
    try {
      return await catalogOf(pool);
    } finally {
      await pool.close();
    }
  };
  const answersFor = (database: string) => place.write(`${database}.yaml`, practice.answers(database));

  it('finish after kill -9 at ten random moments, with the database of a single run', async () => {
    const begun = performance.now();
    const whole = await place.run(['apply', await answersFor('Whole')], practice.environment);
    const duration = performance.now() - begun;
    expect(whole.code).toBe(0);
    const expected = await catalog('Whole');
    const random = randomNumbers(seed);

    const killed: (number | null)[] = [];
    for (let kill = 0; kill < 10; kill += 1) {
      const answers = await answersFor(`Killed${kill}`);
      const running = place.start(['apply', answers], practice.environment);
      const timer = setTimeout(() => running.child.kill('SIGKILL'), random() * duration);
      killed.push((await running.finished).code);
      clearTimeout(timer);
      expect(await place.run(['apply', answers], practice.environment)).toMatchObject({
        code: 0,
        stderr: '',
      });
      expect(await catalog(`Killed${kill}`)).toEqual(expected);
    }
    // Killed processes have no exit code; should none have been hit, this test proved nothing.
    expect(killed).toContain(null);
  }, 300_000);

  it('stop safely on Ctrl+C with 11, and the next apply finishes', async () => {
    const answers = await answersFor('Cancelled');
    const running = place.start(['apply', '--json', answers], practice.environment);
    await afterLines(running.child.stdout, 4);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.finished;
    expect(code).toBe(11);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'run-finished',
      exit: 'cancelledDuring',
    });
    expect(await place.run(['apply', answers], practice.environment)).toMatchObject({ code: 0 });
  });

  it('exclude each other: one does the work, the other names the holder with 14', async () => {
    const answers = await answersFor('Contended');
    const first = place.start(['apply', '--json', answers], practice.environment);
    await afterLines(first.child.stdout, 3);
    first.child.kill('SIGSTOP');
    const second = await place.run(['apply', answers], practice.environment);
    first.child.kill('SIGCONT');
    expect(second.code).toBe(14);
    expect(second.stdout + second.stderr).toContain('storedb');
    expect(await first.finished).toMatchObject({ code: 0 });
  });
});

/** Resolves once so many lines have come, or at the end of the stream. */
async function afterLines(stream: NodeJS.ReadableStream, count: number): Promise<void> {
  let seen = 0;
  if (count === 0) return;
  await new Promise<void>((resolve) => {
    const onData = (text: string | Buffer) => {
      seen += String(text).split('\n').length - 1;
      if (seen >= count) finish();
    };
    const finish = () => {
      stream.off('data', onData);
      stream.off('end', finish);
      resolve();
    };
    stream.on('data', onData);
    stream.once('end', finish);
  });
}
