import type { ExitName } from '../../core/errors.ts';
import { runLoop } from '../../core/sync/index.ts';
import { clockTime } from '../../core/words.ts';
import type { GlobalOptions } from '../global-options.ts';
import { loopLines } from './lines.ts';
import { asksForUnknownScope, type OnceOptions } from './once.ts';
import { withRegister } from './register.ts';
import { openSyncReport } from './report.ts';

/**
 * `storedb sync run`: synchronises a register until it is asked to end. Ending it is its regular end: exit 0. What does
 * not pass by itself is a scope that the register has not: waiting would not bring it.
 */
export async function syncRun(options: OnceOptions, globals: GlobalOptions): Promise<ExitName> {
  return await withRegister(options, globals, sayEnding, async (register) => {
    const { input, signal } = register;
    const { json } = options;
    const lines = loopLines(() => clockTime(input.clock.now()));
    const report = openSyncReport(register, { json, logDir: globals.logDir, lines });
    if (!json)
      process.stdout.write(
        `Synchronising ${input.ids.registerId}. Ctrl+C ends it; idle runs are not told.\n`,
      );
    const scopes = options.scopes.length === 0 ? {} : { scopes: options.scopes };
    let exit: ExitName = 'done';
    for await (const event of runLoop(input, scopes, signal)) {
      report.tell(event);
      if (event.kind !== 'cycle-finished' || !asksForUnknownScope(event)) continue;
      exit = 'usage';
      break;
    }
    report.end(`${clockTime(input.clock.now())}  Ended.`);
    return exit;
  });
}

function sayEnding(): void {
  process.stderr.write('Ending after what is at work; Ctrl+C again ends at once.\n');
}
