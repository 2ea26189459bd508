import { connectionTarget } from '../core/answers/sign-in.ts';
import { ExpectedError } from '../core/errors.ts';
import { chooseProfile } from '../core/offline/profile/choose-profile.ts';
import { loadProfiles } from '../core/offline/profile/load-profiles.ts';
import type { OfflineProfile, SyncDirection } from '../core/offline/profile/profile.ts';
import { readProfiles, type StoredProfiles } from '../core/offline/profile/read-profiles.ts';
import { createSqlServers } from '../core/sql/connect.ts';
import type { Draft } from '../core/steps/index.ts';
import { textOf } from '../core/steps/step.ts';
import { connectTimeout } from './set-up.ts';
import { shippedFiles } from './shipped-files.ts';
import type { WizardAnswers } from './wizard-answers.ts';

const ways: Readonly<Record<SyncDirection, string>> = {
  download: 'down, from the store to the register',
  upload: 'up, from the register to the store',
  bidirectional: 'both ways',
};

/**
 * The offline profile of the answers to be read: head office's when the store database can be asked, else the one of
 * the files, and then it says why. Throws ExpectedError `profile-unknown` where neither has it.
 */
export async function profileLines(
  used: WizardAnswers,
  draft: Draft,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const files = await loadProfiles(shippedFiles.offlineProfile(), used.answers.options.schemaPack);
  const { stored, problem } = await storedProfiles(used, signal);
  const name = textOf(draft, 'options.offlineProfile');
  const { profile, from } = chooseProfile(name, textOf(draft, 'identification.storeId'), stored, files);
  const origin =
    from === 'store'
      ? 'As the store database has it.'
      : problem === undefined
        ? 'The store database has none of this name: this one comes with storedb.'
        : `The store database could not be asked (${problem}): this one comes with storedb.`;
  return [`Offline profile "${profile.name}"`, origin, ...scopeLines(profile)];
}

async function storedProfiles(
  { answers, secrets, pins }: WizardAnswers,
  signal: AbortSignal,
): Promise<{ readonly stored: StoredProfiles; readonly problem?: string }> {
  const { storeDatabase, options } = answers;
  try {
    const target = await connectionTarget('storeDatabase', storeDatabase, options.encryption, secrets);
    const servers = createSqlServers({ pins, appName: 'storedb', connectTimeoutMs: connectTimeout });
    const session = await servers.connect({ ...target, database: storeDatabase.name }, signal);
    try {
      return { stored: await readProfiles(session, signal) };
    } finally {
      await session.close();
    }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { stored: { profiles: [], ofStores: new Map() }, problem: error.message };
  }
}

export function scopeLines({ scopes }: OfflineProfile): readonly string[] {
  return scopes.flatMap(({ name, direction, tables }) => [
    '',
    `${name}: ${ways[direction]}, ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}`,
    ...tables.map((table) => `  ${table}`),
  ]);
}
