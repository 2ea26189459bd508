import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/cli/plan-file.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'storedb-plan-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const plan = '{"fingerprint":"abc","actions":[]}\r\n';
const written = (bytes: string | Buffer): string => {
  const path = join(place, 'plan.json');
  writeFileSync(path, bytes);
  return path;
};

describe('the file of a plan', () => {
  it.each([
    ['UTF-8', Buffer.from(plan)],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${plan}`)],
    ['UTF-16, as Windows PowerShell redirects it', Buffer.from(`\uFEFF${plan}`, 'utf16le')],
  ])('is read in %s', async (_what, bytes) => {
    expect(await fingerprintOf(written(bytes))).toBe('abc');
  });

  it.each([
    ['cut off', plan.slice(0, 20), 'cut off'],
    ['something else', '{"fingerprint":5}', 'not a plan'],
    ['binary', Buffer.from([0xff, 0, 1]), 'not a plan'],
  ])('is refused when it is %s', async (_what, bytes, words) => {
    await expect(fingerprintOf(written(bytes))).rejects.toMatchObject({
      code: 'plan-unreadable',
      exit: 'answers',
      message: expect.stringContaining(words),
    });
  });

  it('is refused when it is missing', async () => {
    await expect(fingerprintOf(join(place, 'none'))).rejects.toMatchObject({ code: 'plan-unreadable' });
  });
});
