import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import { refusal } from '../../plan/refusal.ts';
import { type OfflineProfile, storedName } from './profile.ts';
import type { StoredProfiles } from './read-profiles.ts';

const isSame = (left: string, right: string): boolean => fold(storedName(left)) === fold(storedName(right));

export type ChosenProfile = {
  readonly profile: OfflineProfile;
  /** Where it comes from; one from a file is written into the store database. */
  readonly from: 'store' | 'file';
  readonly warnings: readonly Finding[];
};

/**
 * The profile of that name: head office's when the store database has it with scopes, else the one of the files.
 * Throws ExpectedError `profile-unknown` (exit `prerequisite`) that names those there are.
 */
export function chooseProfile(
  name: string,
  storeId: string | undefined,
  stored: StoredProfiles,
  files: readonly OfflineProfile[],
): ChosenProfile {
  const named = (profiles: readonly OfflineProfile[]) => profiles.find((each) => isSame(each.name, name));
  const ofHeadOffice = named(stored.profiles);
  const profile = ofHeadOffice !== undefined && ofHeadOffice.scopes.length > 0 ? ofHeadOffice : named(files);
  if (profile === undefined) {
    const known = [...new Set([...stored.profiles, ...files].map((each) => `"${each.name}"`))];
    throw refusal(
      'profile-unknown',
      `There is no offline profile "${name}"${ofHeadOffice === undefined ? '' : ' with scopes'}.`,
      known.length === 0
        ? 'Have head office send the job Global configuration (N-1110).'
        : `Write one of these as options.offlineProfile: ${known.join(', ')}.`,
      { profile: name },
    );
  }
  return {
    // Head office's name may be cut off.
    profile: { ...profile, name: named(files)?.name ?? profile.name },
    from: profile === ofHeadOffice ? 'store' : 'file',
    warnings: otherProfileOfStore(profile, storeId, stored),
  };
}

function otherProfileOfStore(
  { name }: OfflineProfile,
  storeId: string | undefined,
  { ofStores }: StoredProfiles,
): readonly Finding[] {
  const assigned = storeId === undefined ? undefined : ofStores.get(fold(storeId));
  if (assigned === undefined || isSame(assigned, name)) return [];
  return [
    {
      code: 'profile-of-store',
      message: `Head office has given store ${storeId} the offline profile "${assigned}", not "${name}".`,
      hint: `Write "${assigned}" as options.offlineProfile, or have head office change it.`,
    },
  ];
}
