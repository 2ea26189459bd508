import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { terminalOutput } from '../../../src/cli/terminal/output.ts';

function fakeTerminal() {
  const written: string[] = [];
  const terminal = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  return {
    written,
    terminal: Object.assign(terminal, { columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream,
  };
}

it('keeps the escapes of synchronised output from terminals that are not known to understand them', () => {
  const { written, terminal } = fakeTerminal();
  const output = terminalOutput(terminal, false);
  output.write('\u{1B}[?2026h');
  output.write('\u{1B}[?25lframe\u{1B}[?2026l');
  expect(written.join('')).toBe('\u{1B}[?25lframe');
});

it('passes them where they are understood', () => {
  const { written, terminal } = fakeTerminal();
  terminalOutput(terminal, true).write('\u{1B}[?2026hframe');
  expect(written).toEqual(['\u{1B}[?2026hframe']);
});

it('has the size of the terminal at every moment and tells when it changes', () => {
  const { terminal } = fakeTerminal();
  const output = terminalOutput(terminal, false);
  const sizes: number[] = [];
  output.on('resize', () => sizes.push(output.columns));
  terminal.columns = 60;
  terminal.emit('resize');
  expect(sizes).toEqual([60]);
  expect(output.isTTY).toBe(true);
});
