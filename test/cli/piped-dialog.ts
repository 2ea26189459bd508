import { PassThrough } from 'node:stream';
import { vi } from 'vitest';
import { type LineDialog, openLineDialog } from '../../src/cli/terminal/line-dialog.ts';

/** A dialog over a pipe: somebody types at one end, and reads what is shown at the other. */
export type PipedDialog = {
  readonly dialog: LineDialog;
  readonly type: (text: string) => void;
  /** All that was shown so far, without the sequences that move the cursor. */
  readonly shown: () => string;
  /** Resolves when the text has been shown, behind so many characters. */
  readonly shows: (text: string, from?: number) => Promise<void>;
};

/** Resolves when the signal is aborted, or was already. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
}

export function pipedDialog(): PipedDialog {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const text = () => shown.replaceAll(/\u{1B}\[[0-9;]*[A-Za-z]/gu, '').replaceAll('\r', '');
  return {
    // The dialog asks no more of a terminal than that it can be read and written.
    dialog: openLineDialog(input as never, output as never, () => undefined),
    type: (keys) => input.write(keys),
    shown: text,
    shows: (wanted, from = 0) =>
      vi.waitFor(() => {
        if (!text().includes(wanted, from)) throw new Error(`"${wanted}" is not shown:\n${text()}`);
      }),
  };
}
