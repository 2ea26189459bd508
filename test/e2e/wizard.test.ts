import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PracticeServer } from './storedb.ts';
import { hasScript } from './terminal.ts';
import { terminalForEachTest } from './terminal-for-each-test.ts';

const terminals = terminalForEachTest();

describe.skipIf(!hasScript)('a password that is asked for at the terminal', () => {
  it('can be refused with Ctrl+C, with 10', async () => {
    const answers = [
      'version: 1',
      'task: store-database',
      "storeDatabase: { server: SRV01, name: POS, auth: { kind: sql, user: setup, password: 'prompt:' } }",
    ];
    const terminal = terminals.open(['plan', await terminals.place.write('asked.yaml', answers.join('\n'))]);
    await terminal.shows('Password of setup on SRV01');
    terminal.press('\u{3}');
    expect(await terminal.finished).toBe(10);
    expect(terminal.everything).toContain('nothing was changed');
  });
});

describe.skipIf(!hasScript)('the wizard in a terminal', () => {
  it('gets from the first page to the proof with Enter alone on the practice server', async () => {
    const terminal = terminals.open(['--practice']);
    terminal.press('\r\r\r\r\r');
    await terminal.shows('Enter start');
    terminal.press('\r');
    await terminal.shows('Enter set up a register');
    // The IDs are asked of the store database meanwhile.
    terminal.press('\r\r\r\r\r');
    expect(await terminal.shows('Enter start')).toContain('HOUSTON-1');
    terminal.press('\r');
    expect(await terminal.shows('Enter verify')).toContain('Offline database creation was successful.');
    terminal.press('\r');
    expect(await terminal.shows('R again')).toContain('This set-up is in order');
    // The rows have come with the set-up.
    terminal.press('\u{1B}[6~');
    await terminal.shows('Row counts and checksums agree in 161 tables');
    terminal.press('\r');
    expect(await terminal.shows('Enter finish')).toContain('M watch');
    terminal.press('m');
    expect(await terminal.shows('Prices and discounts')).toContain('Synchronisation  HOUSTON-1');
    terminal.press('p');
    await terminal.shows('No row is parked.');
    terminal.press('\u{1B}');
    await terminal.shows('Up/Down scope');
    terminal.press('\u{1B}');
    await terminal.shows('Enter finish');
    terminal.press('\r');
    expect(await terminal.finished).toBe(0);
  }, 300_000);

  it('sets up a store database on the practice server, typed ahead', async () => {
    const terminal = terminals.open(['--practice']);
    terminal.press('\r\r\r\r\r');
    const review = await terminal.shows('Enter start');
    expect(review).toContain('Create the database AXRETAILPOS');
    expect(review).toContain('practice server, not SQL Server');
    terminal.press('\r');
    expect(await terminal.shows('F finish')).toContain('Store database creation was successful.');
    terminal.press('f');
    expect(await terminal.finished).toBe(0);
    // The alternate screen leaves nothing behind: the summary stands on the normal one.
    const after = terminal.everything.slice(terminal.everything.lastIndexOf('\u{1B}[?1049l'));
    expect(after).toContain('Store database creation was successful.');
    expect(after).toMatch(/Log: \S+summary\.txt/);
    // The answers in the log folder repeat the run.
    const path = /Next one: storedb --practice apply (\S+answers\.yaml)/.exec(after)?.[1] ?? '';
    expect(await readFile(path, 'utf8')).toContain("password: 'prompt:'");
    const again = await terminals.place.run(['--practice', 'apply', path]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
  });

  it('leaves with 10 and a terminal in order when it is quit', async () => {
    const terminal = terminals.open([]);
    await terminal.shows('What do you want to set up?');
    terminal.press('\u{3}');
    await terminal.shows('Leave the wizard?');
    terminal.press('\u{3}');
    expect(await terminal.finished).toBe(10);
    expect(terminal.everything).toContain('\u{1B}[?2004l');
    expect(terminal.everything).toContain('\u{1B}[?1049l');
    expect(terminal.everything).toContain('\u{1B}[?25h');
  });

  it('offers the answers of the wizard that was cut off, without their password', async () => {
    const first = terminals.open([]);
    await first.shows('What do you want to set up?');
    first.press('\r');
    await first.shows('Test connection');
    first.press('SRV01\t\t\tsetup\tPa55-canary\r');
    await first.shows('Identification');
    first.press('HOUSTON\tusrt\r');
    await first.shows('Accounts');
    first.press('\r');
    await first.shows('Encryption');
    first.child.kill('SIGTERM');
    await first.finished;
    const second = terminals.open([]);
    expect(await second.shows('press C')).toContain('HOUSTON');
    second.press('c');
    await second.shows('Options');
    second.press('\u{3}\u{3}');
    // Only now does nobody write any more.
    await second.finished;
    expect(await terminals.place.everythingWritten()).not.toContain('Pa55-canary');
    expect(first.everything + second.everything).not.toContain('Pa55-canary');
  });

  it('says what is wrong with a wrong password, and goes on when it is typed right', async () => {
    const terminal = terminals.open(['--practice']);
    terminal.press('\r');
    await terminal.shows('127.0.0.1,');
    // To the password, a wrong letter behind it, on to the button, and test.
    terminal.press('\t\t\t\t\u{1B}[FX\t\r');
    expect(await terminal.shows('18456')).toContain('Sign in');
    terminal.press('\u{1B}[Z\u{7F}\t\r');
    expect(await terminal.shows('sysadmin')).not.toContain('failed');
    terminal.press('\r');
    await terminal.shows('Identification');
    terminal.press('\u{3}\u{3}');
    expect(await terminal.finished).toBe(10);
  });

  it('stops safely at Ctrl+C and finishes when it is tried again', async () => {
    const terminal = terminals.open(['--practice']);
    terminal.press('\r\r\r\r\r');
    await terminal.shows('Enter start');
    // All at once: the work must not be over before it is asked to stop.
    terminal.press('\r\u{3}\u{3}');
    expect(await terminal.shows('Enter finish')).toContain('Stopped');
    terminal.press('r');
    await terminal.shows('Enter start');
    terminal.press('\r');
    expect(await terminal.shows('F finish')).toContain('Store database creation was successful.');
    terminal.press('f');
    expect(await terminal.finished).toBe(0);
  });

  it('ends at once at the third Ctrl+C, and says so', async () => {
    const terminal = terminals.open(['--practice']);
    terminal.press('\r\r\r\r\r');
    await terminal.shows('Enter start');
    terminal.press('\r\u{3}\u{3}\u{3}');
    expect(await terminal.finished).toBe(11);
    const after = terminal.everything.slice(terminal.everything.lastIndexOf('\u{1B}[?1049l'));
    expect(after).toContain('Ended in the middle of the work.');
  });

  it('sets up a server that was typed in, after its certificate is trusted, and offers it the next time', async () => {
    const practice = await PracticeServer.start(terminals.place);
    try {
      const first = terminals.open([]);
      await first.shows('What do you want to set up?');
      first.press('\r');
      await first.shows('Test connection');
      first.press(`${practice.server}\t\t\t${practice.user}\t${practice.password}\t\r`);
      expect(await first.shows('T trust')).toContain('SHA-256');
      first.press('t');
      await first.shows('sysadmin');
      first.press('\r');
      await first.shows('Identification');
      first.press('HOUSTON\tusrt\r');
      await first.shows('Accounts');
      first.press('\r');
      await first.shows('Encryption  ');
      first.press('\r');
      expect(await first.shows('Enter start')).toContain(practice.server);
      first.press('\r');
      expect(await first.shows('Enter finish')).toContain('Store database creation was successful.');
      first.press('\r');
      expect(await first.finished).toBe(0);

      const second = terminals.open([]);
      await second.shows('What do you want to set up?');
      second.press('\r');
      expect(await second.shows('Test connection')).toContain(practice.server);
      second.press('\u{3}\u{3}');
      await second.finished;
      expect(await terminals.place.everythingWritten()).not.toContain(practice.password);
    } finally {
      await practice.stop();
    }
  });
});
