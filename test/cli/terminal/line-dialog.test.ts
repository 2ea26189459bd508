import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openLineDialog } from '../../../src/cli/terminal/line-dialog.ts';
import { pipedDialog } from '../piped-dialog.ts';

function opened() {
  const input = new PassThrough();
  const output = new PassThrough();
  const interrupted: string[] = [];
  // The dialog asks no more of a terminal than that it can be read and written.
  const dialog = openLineDialog(input as never, output as never, () => interrupted.push('interrupt'));
  return { input, dialog, interrupted, shown: () => String(output.read() ?? '') };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('questions line by line', () => {
  it('are answered by the line that follows, or by one that was typed ahead', async () => {
    const { input, dialog } = opened();
    const first = dialog.ask('Store: ');
    input.write('HOUSTON\nusrt\n');
    expect(await first).toBe('HOUSTON');
    expect(await dialog.ask('Company: ')).toBe('usrt');
  });

  it('never show what is typed unseen', async () => {
    const { input, dialog, shown } = opened();
    const secret = dialog.askUnseen('Password: ');
    input.write('Pa55-canary\n');
    expect((await secret)?.reveal()).toBe('Pa55-canary');
    expect(shown()).not.toContain('canary');
  });

  it('can be mended with Backspace where the terminal is a dumb one, a password too', async () => {
    vi.stubEnv('TERM', 'dumb');
    const { dialog, type, shown } = pipedDialog();
    const reply = dialog.ask('Store: ');
    type('\u{7F}HOUSE\u{7F}\u{7F}\bUSTON\r');
    expect(await reply).toBe('HOUSTON');
    expect(shown()).toContain('Store: HOUSE\b \b\b \b\b \bUSTON');
    const secret = dialog.askUnseen('Password: ');
    type('wrong\u{15}Pa55-canarx\u{7F}y\r');
    expect((await secret)?.reveal()).toBe('Pa55-canary');
    expect(shown()).not.toContain('canar');
  });

  it('have no answer at Ctrl+C, and the one who works is told', async () => {
    const { input, dialog, interrupted } = opened();
    const reply = dialog.ask('Store: ');
    input.write('\u{3}');
    expect(await reply).toBeUndefined();
    expect(interrupted).toEqual(['interrupt']);
  });

  it('have no answer once the dialog is closed, however many are asked', async () => {
    const { dialog } = opened();
    const waiting = dialog.ask('Store: ');
    dialog.close();
    expect(await waiting).toBeUndefined();
    expect(await dialog.ask('Company: ')).toBeUndefined();
    expect(await dialog.askUnseen('Password: ')).toBeUndefined();
  });

  it('still take the lines that came before the end of the input', async () => {
    const { input, dialog } = opened();
    const first = dialog.ask('Store: ');
    input.end('HOUSTON\nusrt\n');
    expect(await first).toBe('HOUSTON');
    expect(await dialog.ask('Company: ')).toBe('usrt');
    expect(await dialog.ask('Server: ')).toBeUndefined();
  });
});
