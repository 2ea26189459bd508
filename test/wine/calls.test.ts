import { expect, it } from 'vitest';
import { startWine } from './wine.ts';

it('secrets are protected, files restricted and executables replaced through the functions of Windows', async () => {
  await using wine = await startWine();
  const { stdout, stderr } = await wine.script('calls.ts');
  expect(stdout, stderr).not.toBe('');
  const { protection, access, group, placing } = JSON.parse(stdout);
  expect(protection).toMatchObject({
    isPlain: false,
    back: 'geheim',
    otherEntropy: { code: 'secret-unreadable' },
    damaged: { code: 'secret-unreadable' },
  });
  // Wine keeps the nine rights of Unix and no list: the call is taken, and reading back finds that out.
  expect(access.isKept).toBe(false);
  expect(access.missing.code).toBe('windows-refused');
  // NetLocalGroupAdd of Wine 10 says that it went well and makes no group. That is why storedb asks again after.
  expect(group).toEqual({ before: false, after: false, administrators: 4, user: 1 });
  expect(placing).toEqual({
    isNew: [true, true, true],
    stillRuns: true,
    whileRunning: 2,
    after: ['storedb.exe'],
  });
});
