import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNotify } from '../../../src/core/service/systemd/notify.ts';
import { folderOfTest } from './folders.ts';
import { listenForNotify } from './notify-listener.ts';

describe.runIf(process.platform === 'linux')('sd_notify', () => {
  it('sends what systemd expects, one line a field', async () => {
    const listener = listenForNotify(join(await folderOfTest(), 'notify'));
    const notify = await openNotify(listener.path);
    notify?.('READY', 'First\ncycle');
    notify?.('WATCHDOG');
    notify?.('STOPPING');
    expect(listener.received()).toEqual(['READY=1\nSTATUS=First cycle', 'WATCHDOG=1', 'STOPPING=1']);
    listener.close();
  });

  it('goes on when nobody listens any more', async () => {
    const listener = listenForNotify(join(await folderOfTest(), 'notify'));
    const notify = await openNotify(listener.path);
    listener.close();
    expect(() => notify?.('WATCHDOG')).not.toThrow();
  });

  it('is not there outside systemd', async () => {
    expect(await openNotify(undefined)).toBeUndefined();
  });
});
