import type { ExitName } from '../../core/errors.ts';
import type { GlobalOptions } from '../global-options.ts';
import { looksAtSync, statusNews } from './looks.ts';
import { type Register, type SyncOptions, withRegister } from './register.ts';
import { exitOf } from './status.ts';
import { statusLines } from './status-lines.ts';

/**
 * `storedb sync status --watch`: the monitor in a terminal; without one (or with --plain) a new block of lines at each
 * change, until it is asked to end.
 */
export async function syncWatch(
  options: SyncOptions & { readonly json: boolean },
  globals: GlobalOptions,
): Promise<ExitName> {
  const hasScreen = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const isPlain = globals.plain || options.json || process.env.TERM === 'dumb';
  return await withRegister(
    options,
    globals,
    () => undefined,
    async (register) =>
      hasScreen && !isPlain
        ? await (await import('./watch-screen.ts')).watchOnScreen(register, globals)
        : await watchInLines(register, options.json),
  );
}

async function watchInLines({ input, signal }: Register, json: boolean): Promise<ExitName> {
  const isNews = statusNews();
  let exit: ExitName = 'done';
  for await (const look of looksAtSync(input, signal)) {
    if (look.kind === 'failed') throw look.error;
    const { status } = look;
    exit = exitOf(status);
    if (isNews(status))
      process.stdout.write(json ? `${JSON.stringify(status)}\n` : `${statusLines(status).join('\n')}\n\n`);
  }
  return exit;
}
