import type { ExitName } from '../../core/errors.ts';
import type { CycleOutcome, CycleResult } from '../../core/sync/events.ts';
import { openSync, runCycle } from '../../core/sync/index.ts';
import { sayStopping } from '../apply.ts';
import type { GlobalOptions } from '../global-options.ts';
import { cycleLines } from './lines.ts';
import { type SyncOptions, withRegister } from './register.ts';
import { openSyncReport } from './report.ts';

export type OnceOptions = SyncOptions & {
  readonly json: boolean;
  /** Names of scopes; all of the register when empty. */
  readonly scopes: readonly string[];
};

const exits: Readonly<Record<CycleOutcome, ExitName>> = {
  done: 'done',
  partly: 'verifyFoundProblems',
  failed: 'failedPartWay',
  busy: 'locked',
  unreachable: 'connection',
};

/** `storedb sync once`: one cycle over the scopes of a register, told on stdout and in a log folder. */
export async function syncOnce(options: OnceOptions, globals: GlobalOptions): Promise<ExitName> {
  return await withRegister(options, globals, sayStopping, async (register) => {
    const { input, signal } = register;
    const lines = cycleLines(input.clock.elapsed);
    const report = openSyncReport(register, { json: options.json, logDir: globals.logDir, lines });
    const scopes = options.scopes.length === 0 ? {} : { scopes: options.scopes };
    const link = await openSync(input, signal);
    try {
      let exit: ExitName = 'bug';
      for await (const event of runCycle(link, { ...scopes, logsIdle: true }, signal)) {
        report.tell(event);
        if (event.kind === 'cycle-finished') exit = exitOf(event);
      }
      report.end();
      return exit;
    } finally {
      await link.close();
    }
  });
}

const exitOf = (result: CycleResult): ExitName =>
  asksForUnknownScope(result) ? 'usage' : exits[result.outcome];

/** A scope that the register has not is a slip of the one who typed it, and no failure of the synchronisation. */
export const asksForUnknownScope = ({ findings }: CycleResult): boolean =>
  findings.some(({ code }) => code === 'scope-unknown');
