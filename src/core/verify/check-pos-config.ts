import { ExpectedError } from '../errors.ts';
import type { SetupInput } from '../plan/setup.ts';
import { registerIdsOf } from '../plan/tasks/refuse-store.ts';
import { type PosSettings, readPosSettings } from '../pos/pos-config.ts';
import { findPosConfig, posSettingsOf } from '../pos/pos-config-actions.ts';
import { checksOf, someOf } from './checks.ts';
import type { Check } from './events.ts';

/** Whether POS is told about the databases of the answers. */
export async function checkPosConfig({ answers, posFiles }: SetupInput): Promise<Check> {
  const say = checksOf('pos');
  try {
    const file = await findPosConfig(answers.options.posConfig, posFiles);
    if (file === undefined)
      return say.warning(
        'config',
        'POS.exe.config was not found in the usual folder.',
        'When POS is installed, run this again with --pos-config FILE.',
      );
    const wanted = posSettingsOf(
      registerIdsOf(answers),
      answers.storeDatabase,
      answers.offlineDatabase,
      answers.options.encryption,
    );
    const now = readPosSettings(file.bytes, file.path);
    const different = Object.entries(wanted).filter(
      ([name, value]) => now[name as keyof PosSettings] !== value,
    );
    if (different.length === 0) return say.ok('config', `${file.path} names these databases`);
    return say.failed(
      'config',
      `${file.path} says otherwise: ${someOf(different.map(([name]) => name))}.`,
      'Run storedb apply again: it writes them, and keeps a backup.',
    );
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return say.failed('config', error.message, error.hint);
  }
}
