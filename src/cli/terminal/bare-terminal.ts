import { writeSync } from 'node:fs';

const pasteMarksOn = '\u{1B}[?2004h';
const pasteMarksOff = '\u{1B}[?2004l';
/** Cursor shown, colours off. */
const reset = '\u{1B}[?25h\u{1B}[0m';

/**
 * Asks the terminal to mark what is pasted. The answer takes it back; should the process end before, the terminal is
 * put right on the way out all the same.
 */
export function markPastes(terminal: NodeJS.WriteStream): () => void {
  terminal.write(pasteMarksOn);
  const onExit = () => {
    try {
      writeSync(1, pasteMarksOff + reset);
    } catch {
      // The terminal is gone with the link: there is nothing to put right.
    }
  };
  process.once('exit', onExit);
  return () => {
    process.off('exit', onExit);
    terminal.write(pasteMarksOff);
  };
}
