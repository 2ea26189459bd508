import { ExpectedError } from '../core/errors.ts';
import { warn } from './warn.ts';

/** What a write says when the reader is gone: `| head`, a closed window, a dropped SSH link. */
const readerGone: ReadonlySet<string> = new Set(['EPIPE', 'EOF', 'EIO', 'ERR_STREAM_DESTROYED']);

/**
 * Keeps the process alive when nobody takes its output any more: a run on a server must not be cut off in the middle
 * because its window was closed or the disk behind `> FILE` is full. The log folder has everything all the same.
 */
export function surviveLostOutput(): void {
  let isSaid = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isSaid || isReaderGone(error)) return;
    isSaid = true;
    warn(`The output cannot be written any more (${error.code}).`);
  });
  // There is no place left to say it.
  process.stderr.on('error', () => undefined);
}

/**
 * Prints what a command was asked for. A reader that has seen enough is fine; throws ExpectedError
 * `output-unwritable` (exit usage) when it was cut off by anything else, such as a full disk.
 */
export async function print(text: string): Promise<void> {
  const failure = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
    process.stdout.write(text, resolve);
  });
  if (failure === null || failure === undefined || isReaderGone(failure)) return;
  throw new ExpectedError({
    code: 'output-unwritable',
    exit: 'usage',
    message: `The output is not complete (${failure.code}).`,
    hint: 'Make room, or write it to another place.',
    cause: failure,
  });
}

function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return readerGone.has(error.code ?? '');
}
