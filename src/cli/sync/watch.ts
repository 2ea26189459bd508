import type { ExitName } from '../../core/errors.ts';
import { openSync, readSyncStatus, type SyncStatus } from '../../core/sync/index.ts';
import type { GlobalOptions } from '../global-options.ts';
import { type Register, type SyncOptions, withRegister } from './register.ts';
import { exitOf } from './status.ts';
import { statusLines } from './status-lines.ts';

/** Milliseconds between two looks. */
const pause = 2000;

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
  const link = await openSync(input, signal);
  let told = '';
  let exit: ExitName = 'done';
  try {
    while (!signal.aborted) {
      const status = await readSyncStatus(link, signal);
      exit = exitOf(status);
      const substance = JSON.stringify(substanceOf(status));
      if (substance !== told)
        process.stdout.write(json ? `${JSON.stringify(status)}\n` : `${statusLines(status).join('\n')}\n\n`);
      told = substance;
      await input.clock.sleep(pause, signal);
    }
    return exit;
  } catch (error) {
    // Being ended is the end that it has.
    if (signal.aborted) return exit;
    throw error;
  } finally {
    await link.close();
  }
}

/** What makes two looks different for a person: not the times of runs in which nothing happened. */
function substanceOf({ store, offline, scopes, parked, findings, lastError }: SyncStatus): unknown {
  return {
    sides: [store.isReachable, offline.isReachable],
    scopes: scopes.map(({ scope, loading, lastRun, waiting, parked: open }) => ({
      scope,
      loading,
      waiting,
      open,
      run: lastRun && [lastRun.outcome, lastRun.downloaded, lastRun.uploaded, lastRun.message],
    })),
    parked,
    findings,
    lastError,
  };
}
