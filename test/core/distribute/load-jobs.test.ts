import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadJobs } from '../../../src/core/distribute/load-jobs.ts';
import { newFolder } from './small-packs.ts';

const shipped = join(import.meta.dirname, '..', '..', '..', 'assets', 'jobs', 'jobs.yaml');

async function withOwn(text: string | Buffer) {
  const folder = await newFolder();
  await writeFile(join(folder, 'jobs.yaml'), text);
  return { folder, jobs: () => loadJobs(shipped, folder) };
}

describe('the jobs', () => {
  it('are the shipped ones where the schema pack has none', async () => {
    const builtin = await loadJobs(shipped, 'builtin');
    expect(builtin.map(({ id }) => id)).toContain('N-1000');
    expect(await loadJobs(shipped, await newFolder())).toEqual(builtin);
  });

  it('of a company come on top, and take the place of those of the same id', async () => {
    const { jobs } = await withOwn(`version: 1
jobs:
  - { id: n-1000, name: Money, kind: N, required: always, essential: [CURRENCY], tables: [CURRENCY, MYRATES] }
  - { id: N-9000, name: Coupons, kind: N, required: sometimes, tables: [MYCOUPONS] }
`);
    const found = await jobs();
    expect(found.filter(({ id }) => /^n-1000$/i.test(id))).toMatchObject([{ name: 'Money' }]);
    expect(found.at(-1)).toMatchObject({ id: 'N-9000', essential: [], required: 'sometimes' });
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['no YAML', 'version: 1\njobs: [', /jobs\.yaml:\d+: /],
    [
      'another kind of job',
      'version: 1\njobs:\n  - { id: X, name: Y, kind: P, required: always, tables: [T] }\n',
      /jobs\.yaml:3: jobs\.0\.kind/,
    ],
    ['a word nobody knows', 'version: 1\njobs: []\nmore: 1\n', /jobs\.yaml:1: .*more/],
    ['no text', Buffer.from([0xff, 0xfe, 0x00]), /not a text/],
  ])('of a file that is %s are refused with the line', async (_what, text, message) => {
    const { jobs } = await withOwn(text);
    await expect(jobs()).rejects.toMatchObject({ code: 'jobs-invalid', exit: 'answers' });
    await expect(jobs()).rejects.toThrow(message);
  });
});
