import type { InitialData } from '../../core/distribute/initial-data.ts';
import { comparePack } from '../../core/distribute/load/compare-pack.ts';
import { sharedNotice, writtenInWords } from '../../core/distribute/load/load-pack.ts';
import { inStore } from '../../core/distribute/store-session.ts';
import type { ExitName } from '../../core/errors.ts';
import { loadAction } from '../../core/plan/actions/initial-data.ts';
import { practiceNotice } from '../../core/words.ts';
import { print } from '../lost-output.ts';
import { setUp } from '../set-up.ts';
import type { Unattended } from '../unattended.ts';
import { progressLines } from './progress-lines.ts';

/** `storedb distribute PACK --dry-run`: reads and checks everything, tells what would be written, changes nothing. */
export async function compareAndReport(
  used: Unattended,
  initialData: InitialData,
  json: boolean,
): Promise<ExitName> {
  const input = await setUp(used.answers, used.secrets, used.pins);
  const say = progressLines();
  const { tables, isShared, isPracticeServer } = await inStore(
    input,
    async (session, store) => {
      // Throws where the pack is not for this database.
      loadAction(store, initialData);
      const steps = comparePack(session, initialData, input.jobs, used.signal);
      let step = await steps.next();
      while (step.done !== true) {
        const lines = json ? [] : say('Reading and checking the pack', step.value);
        for (const line of lines) process.stdout.write(`${line}\n`);
        step = await steps.next();
      }
      return { ...step.value, isPracticeServer: store.detected.server.identity.isPracticeServer };
    },
    used.signal,
  );
  if (json) {
    await print(`${JSON.stringify({ tables, isShared, isPracticeServer })}\n`);
    return 'done';
  }
  const changing = tables.filter(({ added, changed, gone }) => added + changed + gone > 0);
  const width = Math.max(0, ...changing.map(({ table }) => table.length));
  const total = { added: 0, changed: 0, gone: 0 };
  for (const { added, changed, gone } of changing) {
    total.added += added;
    total.changed += changed;
    total.gone += gone;
  }
  const lines = [
    ...changing.map((each) => `  ${each.table.padEnd(width)}  ${writtenInWords(each)}`),
    changing.length === 0
      ? 'The pack is in order, and the database has all of it already.'
      : `The pack is in order. Loading it would change ${changing.length} of ${tables.length} tables: ${writtenInWords(total)}.`,
    ...(isShared ? [sharedNotice.trim()] : []),
    'Nothing was changed.',
    ...(isPracticeServer ? [practiceNotice] : []),
  ];
  await print(`${lines.join('\n')}\n`);
  return 'done';
}
