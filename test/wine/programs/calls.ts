// Run on Windows' Node by test/wine/calls.test.ts: each call of src/core/windows once for real, told as one JSON object.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { localGroups } from '../../../src/core/accounts/local-groups.ts';
import {
  openLocalGroups,
  protect,
  registerEventSource,
  reportEvent,
  restrictFile,
  unprotect,
} from '../../../src/core/windows/index.ts';
import { localGroupBindings } from '../../../src/core/windows/local-groups.ts';
import { placeExecutable } from '../../../src/core/windows/place-executable.ts';

const failure = (error: unknown) => ({ code: (error as { code?: string }).code, text: String(error) });

const kept = await protect(Buffer.from('geheim'), { scope: 'machine', entropy: 'storedb' });
const protection = {
  isPlain: Buffer.from(kept).includes('geheim'),
  back: Buffer.from(await unprotect(kept, 'storedb')).toString(),
  otherEntropy: await unprotect(kept, 'other').catch(failure),
  damaged: await unprotect(kept.subarray(0, 40), 'storedb').catch(failure),
};

writeFileSync('C:\\secret.bin', kept);
const access = {
  isKept: await restrictFile('C:\\secret.bin', { service: 'storedb-houston-1', may: 'read' }),
  missing: await restrictFile('C:\\missing.bin', { service: 'storedb-houston-1', may: 'read' }).catch(
    failure,
  ),
};

const groups = openLocalGroups(hostname());
const [posUsers] = localGroups;
if (posUsers === undefined) throw new Error('There is no group to be made.');
const before = await groups.has('POSUsers');
await groups.make(posUsers);
await groups.make(posUsers);
await groups.addService('POSUsers', 'storedb-houston-1');
const { kindOf } = await localGroupBindings();
const group = {
  before,
  after: await groups.has('POSUsers'),
  /** 4 = local group, 1 = user. */
  administrators: kindOf('BUILTIN\\Administrators'),
  user: kindOf(userInfo().username),
};

await registerEventSource('storedb');
await reportEvent('storedb', { kind: 'information', id: 1, text: 'Käse' });

const installed = 'C:\\Program Files\\storedb\\storedb.exe';
const first = await placeExecutable(process.execPath, installed);
const running = spawn(installed, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
await once(running, 'spawn');
copyFileSync(process.execPath, 'C:\\newer.exe');
appendFileSync('C:\\newer.exe', 'newer');
const second = await placeExecutable('C:\\newer.exe', installed);
const whileRunning = readdirSync('C:\\Program Files\\storedb').length;
const stillRuns = running.exitCode === null;
running.kill();
await once(running, 'exit');
const third = await placeExecutable(process.execPath, installed);
const placing = {
  isNew: [first.isNew, second.isNew, third.isNew],
  stillRuns,
  whileRunning,
  after: readdirSync('C:\\Program Files\\storedb'),
};

process.stdout.write(JSON.stringify({ protection, access, group, placing }));
