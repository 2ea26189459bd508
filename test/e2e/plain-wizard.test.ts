import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PracticeServer } from './storedb.ts';
import { hasScript } from './terminal.ts';
import { terminalForEachTest } from './terminal-for-each-test.ts';

const terminals = terminalForEachTest();

describe.skipIf(!hasScript)('the wizard line by line', () => {
  it('asks the same questions and sets up', async () => {
    const terminal = terminals.open(['--practice', '--plain']);
    terminal.press('\r\r\r\r\r\r\rHOUSTON\rusrt\r\r\r\r\r\r');
    await terminal.shows('e = change');
    terminal.press('yes\r');
    await terminal.shows('Enter = finish');
    terminal.press('\r');
    expect(await terminal.finished).toBe(0);
    expect(terminal.everything).toContain('Store database creation was successful.');
    expect(terminal.everything).toMatch(/Next one: storedb --practice apply/);
  });

  it('does not leave as if nothing was changed after a store was set up', async () => {
    const terminal = terminals.open(['--practice', '--plain']);
    terminal.press('\r\r\r\r\r\r\rHOUSTON\rusrt\r\r\r\r\r\r');
    await terminal.shows('e = change');
    terminal.press('yes\r');
    await terminal.shows('n = set up a register');
    terminal.press('n\r');
    await terminal.shows('of 9  Identification');
    terminal.press('\u{3}');
    expect(await terminal.finished).toBe(11);
  });

  it('waits for the initial data, loads a pack of the stick, and watches the register', async () => {
    const practice = await PracticeServer.start(terminals.place);
    try {
      const identity = 'identification: { storeId: HOUSTON, dataAreaId: usrt }';
      const store = await terminals.place.write('store.yaml', practice.answers('AXRETAILPOS', identity));
      expect(await terminals.place.run(['apply', store], practice.environment)).toMatchObject({ code: 0 });
      const sample = join(import.meta.dirname, '..', '..', 'assets', 'sample-data');
      await cp(sample, join(terminals.place.folder, 'pack'), { recursive: true });

      const terminal = terminals.open(['--plain']);
      let asked = 0;
      const answer = async (question: string, reply: string) => {
        asked = await terminal.says(question, asked);
        terminal.press(`${reply}\r`);
      };
      await answer('Set up [1]: ', '2');
      await answer('Server: ', practice.server);
      await answer('Database [AXRETAILPOS]: ', '');
      await answer('Sign in [2]: ', '2');
      await answer('User: ', practice.user);
      await answer('Password (not shown): ', practice.password);
      await answer('Test the connection', '');
      // The certificate is a new one.
      await answer('Trust this certificate', 'y');
      await answer('Store ID: ', 'HOUSTON');
      await answer('Register ID: ', 'HOUSTON-1');
      await answer('Data area ID: ', 'usrt');
      await answer('Server: ', practice.server);
      await answer('Database [AXRETAILPOSOFFLINE]: ', '');
      await answer('Sign in [1]: ', '2');
      await answer('User: ', practice.user);
      await answer('Password (not shown): ', practice.password);
      await answer('Test the connection', 'n');
      await answer('SQL login: ', '');
      await answer('Its password', '');
      await answer('Encryption [1]: ', '');
      await answer('Tables from', '');
      await answer('Offline profile', '');
      await answer('POS.exe.config', '');
      await answer('Replace the register', '');
      await answer('Start the sync service', 'n');
      await answer('1 = load the pack', '1');
      await answer('Enter = go on', '');
      await answer('yes = start', 'yes');
      await answer('m = watch', 'm');
      await answer('Suspended transactions', '');
      await answer('m = watch', '');
      expect(await terminal.finished).toBe(0);
      expect(terminal.everything).toContain('missing  N-1000 Currency: nothing in CURRENCY');
      expect(await terminals.place.everythingWritten()).not.toContain(practice.password);
    } finally {
      await practice.stop();
    }
  }, 180_000);
});
