import { Writable } from 'node:stream';

/** The escapes that Ink puts around every frame, with no option to leave them out. */
const synchronised = /\u{1B}\[\?2026[hl]/gu;

/**
 * The terminal as Ink shall see it: the same size and the same resize events, without the escapes of synchronised
 * output where the terminal is not known to understand them (https://github.com/microsoft/terminal/pull/18826).
 */
export function terminalOutput(terminal: NodeJS.WriteStream, isSynchronised: boolean): NodeJS.WriteStream {
  const filtered = new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, _encoding, done) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const wanted = isSynchronised ? text : text.replace(synchronised, '');
      if (wanted === '') done();
      else terminal.write(wanted, () => done());
    },
  });
  Object.defineProperties(filtered, {
    isTTY: { value: true },
    columns: { get: () => terminal.columns },
    rows: { get: () => terminal.rows },
  });
  terminal.on('resize', () => filtered.emit('resize'));
  // Ink asks for no more of a terminal than a Writable with these three properties.
  return filtered as NodeJS.WriteStream;
}
