import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, PracticeServer, Workplace } from './storedb.ts';

describe('storedb whose output nobody takes any more', () => {
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

  it('finishes the run when the reader of its lines has gone', async () => {
    const answers = await place.write('gone.yaml', practice.answers('ReaderGone'));
    const { child, finished } = place.start(['apply', answers], practice.environment);
    child.stdin.end();
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await finished).toMatchObject({ code: 0, stderr: '' });
    const [run = ''] = await readdir(place.logs);
    expect(await readFile(join(place.logs, run, 'summary.txt'), 'utf8')).toContain('was successful');
  });

  it('is silent when the reader of a plan has seen enough', async () => {
    const answers = await place.write('enough.yaml', practice.answers('SeenEnough'));
    const { child, finished } = place.start(['plan', '--sql', '-', answers], practice.environment);
    child.stdin.end();
    child.stdout.destroy();
    expect(await finished).toMatchObject({ code: 0, stderr: '' });
  });

  it.runIf(process.platform === 'linux')('says that a plan is not complete on a full disk', async () => {
    const answers = await place.write('full.yaml', practice.answers('DiskFull'));
    expect(await onFullDisk(['plan', '--json', answers])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not complete (ENOSPC)'),
    });
    // The run itself is more than what it says.
    const { code, stderr } = await onFullDisk(['apply', '--log-dir', place.logs, answers]);
    expect(stderr).toContain('cannot be written any more (ENOSPC)');
    expect(code).toBe(0);
  });

  async function onFullDisk(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
    const [file, ...first] = command;
    const child = spawn(file, [...first, ...args], {
      env: { ...process.env, ...practice.environment, STOREDB_STATE_DIR: join(place.folder, 'state') },
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    return { code, stderr };
  }
});
