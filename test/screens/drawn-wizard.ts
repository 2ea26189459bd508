import { Readable, Writable } from 'node:stream';
import { render } from 'ink';
import { createElement } from 'react';
import type { WizardSource } from '../../src/screens/wizard-app.tsx';
import { WizardApp } from '../../src/screens/wizard-app.tsx';
import { TerminalModel } from './terminal-model.ts';

/** A wizard that Ink draws on a terminal of this size, as the host lets it. */
export type DrawnWizard = {
  readonly terminal: TerminalModel;
  /** Bytes written since the last call. */
  bytes(): number;
  /** Everything written since the beginning. */
  readonly written: () => string;
  settled(): Promise<void>;
  close(): Promise<void>;
};

export async function drawWizard(
  source: WizardSource,
  size: { readonly columns: number; readonly rows: number },
): Promise<DrawnWizard> {
  const terminal = new TerminalModel(size.columns, size.rows);
  let written = '';
  let counted = 0;
  const stdout = new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, _encoding, done) => {
      const text = String(chunk);
      written += text;
      // The budget is about what the terminal gets behind the filter of the host.
      terminal.write(text);
      done();
    },
  });
  Object.assign(stdout, { isTTY: true, columns: size.columns, rows: size.rows });
  const app = render(createElement(WizardApp, { source }), {
    stdout,
    stdin: new Readable({ read: () => undefined }),
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    incrementalRendering: true,
    maxFps: 1000,
  });
  await app.waitUntilRenderFlush();
  return {
    terminal,
    written: () => written,
    bytes: () => {
      const fresh = Buffer.byteLength(written.slice(counted).replaceAll(/\u{1B}\[\?2026[hl]/gu, ''));
      counted = written.length;
      return fresh;
    },
    settled: () => app.waitUntilRenderFlush(),
    close: async () => {
      app.unmount();
      await app.waitUntilExit();
    },
  };
}
