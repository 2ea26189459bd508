import { render } from 'ink';
import { createElement } from 'react';
import { type TerminalSize, type Wizard, WizardApp } from '../../screens/index.ts';
import { markPastes } from './bare-terminal.ts';
import { terminalOutput } from './output.ts';
import type { TerminalTraits } from './traits.ts';

/** The whole screen of a terminal, with the wizard drawn on it. */
export type Screen = {
  /** Draws everything again, for when something else has written over it. */
  readonly redraw: () => void;
  /** Rejects when drawing fails. */
  readonly drawn: Promise<unknown>;
  /** Gives the terminal back as it was. */
  readonly close: () => Promise<void>;
};

/** Frames a second: enough to type by, and on a remote link no more than it takes. */
const frames = { here: 15, remote: 5 };

/** Draws the wizard on the terminal's alternate screen and keeps its size up to date. */
export function openScreen(wizard: Wizard, terminal: NodeJS.WriteStream, traits: TerminalTraits): Screen {
  // Before Ink's own listener, so that no frame of the old size is drawn on the new one.
  const onResize = () => wizard.dispatch({ kind: 'resize', size: sizeOf(terminal) });
  terminal.on('resize', onResize);
  // A link that was lost must not end a run in the middle: what is drawn then goes nowhere.
  const onError = () => undefined;
  terminal.on('error', onError);
  const element = createElement(WizardApp, { source: wizard });
  const app = render(element, {
    stdout: terminalOutput(terminal, traits.isSynchronised),
    exitOnCtrlC: false,
    incrementalRendering: true,
    alternateScreen: true,
    interactive: true,
    maxFps: traits.isRemote ? frames.remote : frames.here,
  });
  const drawn = app.waitUntilExit();
  const releasePastes = markPastes(terminal);
  return {
    redraw: () => {
      app.clear();
      terminal.write('\u{1B}[H\u{1B}[J');
      app.rerender(element);
    },
    drawn,
    close: async () => {
      terminal.off('resize', onResize);
      app.unmount();
      // Why drawing failed is told by `drawn`.
      await Promise.allSettled([drawn]);
      releasePastes();
    },
  };
}

/** The size of a terminal; serial lines do not know theirs and are taken for the usual one. */
export function sizeOf({ columns, rows }: NodeJS.WriteStream): TerminalSize {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}
