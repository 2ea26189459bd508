import { expect, it } from 'vitest';
import { startWine } from './wine.ts';

it('a service is installed, run, stopped and removed through the functions of Windows', async () => {
  await using wine = await startWine();
  const { stdout, stderr } = await wine.script('steer.ts');
  expect(stdout, stderr).not.toBe('');
  const seen = JSON.parse(stdout);
  expect(seen.absent).toEqual({
    start: { code: 'service-missing', text: expect.stringContaining('storedb-houston-1') },
  });
  expect(seen.found).toMatchObject({
    displayName: 'storedb HOUSTON-1',
    startType: 'automatic-delayed',
    account: 'NT SERVICE\\storedb-houston-1',
  });
  expect(seen.isListed).toBe(true);
  expect(seen.before).toMatchObject({ state: 'stopped', exitCode: 1077 });
  expect(seen.running).toMatchObject({ state: 'running', processId: expect.any(Number) });
  expect(seen.stopped).toMatchObject({ state: 'stopped', exitCode: 1066, serviceExitCode: 7 });
  expect(seen.disabled.code).toBe('service-not-started');
  expect(seen.gone).toBeUndefined();
  // Its second life was killed, at whatever point.
  expect(seen.log.slice(0, 5)).toEqual([
    'up two words|say "x"',
    'ready',
    'stopping: stop',
    'ended',
    'up two words|say "x"',
  ]);

  // What Wine 10 lacks, so that the day on which it has it does not pass unseen: ERROR_INVALID_LEVEL for the newer
  // settings, and no recovery actions at all. That a killed service comes back is therefore not proven here.
  const lacking = [
    { setting: 'recovery after an exit code', error: 124 },
    { setting: 'service SID', error: 124 },
  ];
  expect(seen.untaken).toEqual(lacking);
  expect(seen.again).toEqual(lacking);
  expect(seen.afterKill).toMatchObject({ state: 'stopped', exitCode: 1067 });
  expect(seen.recovered).toMatchObject({ state: 'stopped', exitCode: 1067 });
});
