import { StringDecoder } from 'node:string_decoder';
import { flushKeys, type KeyPress, nothingPending, parseKeys, waitingFor } from '../../screens/index.ts';

/** A terminal's input, as `process.stdin` is one. */
export type KeyboardInput = Pick<NodeJS.ReadStream, 'on' | 'off' | 'setRawMode' | 'resume' | 'pause'>;

/**
 * Milliseconds that a lone ESC waits for the rest of an arrow key. Over slow links the two arrive apart, and an arrow
 * taken for Esc would leave the page.
 */
const escapeWait = { here: 30, remote: 100 };
/** A sequence that has begun (`ESC [`) was sent by a terminal and not typed: its rest is waited for much longer. */
const sequenceWait = 1000;

/**
 * Puts the terminal into raw mode and gives its keys, also those typed before. The answer puts it back as it was.
 * The parser is pure (src/screens/terminal); only time and bytes are here.
 */
export function readKeys(
  input: KeyboardInput,
  isRemote: boolean,
  onKey: (key: KeyPress) => void,
): () => void {
  const decoder = new StringDecoder('utf8');
  let pending = nothingPending;
  let timer: NodeJS.Timeout | undefined;
  const take = (parsed: ReturnType<typeof parseKeys>) => {
    pending = parsed.pending;
    for (const key of parsed.keys) onKey(key);
  };
  const onData = (chunk: Buffer | string) => {
    clearTimeout(timer);
    take(parseKeys(pending, typeof chunk === 'string' ? chunk : decoder.write(chunk)));
    const waiting = waitingFor(pending);
    if (waiting === 'nothing') return;
    const lone = isRemote ? escapeWait.remote : escapeWait.here;
    timer = setTimeout(() => take(flushKeys(pending)), waiting === 'escape' ? lone : sequenceWait);
  };
  // A terminal that is gone reads as an error; the process hears of it by SIGHUP.
  const onError = () => undefined;
  input.setRawMode(true);
  input.on('error', onError);
  input.on('data', onData);
  input.resume();
  return () => {
    clearTimeout(timer);
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  };
}
