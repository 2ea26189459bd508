import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSmallFile } from '../../src/cli/small-file.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'storedb-small-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

describe('a file that should be small', () => {
  it('is read whole when it is', async () => {
    const path = join(place, 'a');
    const bytes = Buffer.alloc(200_000, 'abc');
    writeFileSync(path, bytes);
    expect(Buffer.from(await readSmallFile(path, 200_000)).equals(bytes)).toBe(true);
  });

  it('is read just far enough to see that it is not', async () => {
    const path = join(place, 'a');
    writeFileSync(path, Buffer.alloc(200_000));
    expect(await readSmallFile(path, 1000)).toHaveLength(1001);
  });

  it.skipIf(process.platform === 'win32')('may be a device without an end', async () => {
    expect(await readSmallFile('/dev/zero', 1000)).toHaveLength(1001);
  });

  it('fails as Node does when it is missing', async () => {
    await expect(readSmallFile(join(place, 'b'), 10)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
