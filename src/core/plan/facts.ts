import type { ChosenProfile } from '../offline/profile/choose-profile.ts';
import { productName } from '../sql/product.ts';
import type { ServerIdentity } from './detected.ts';
import type { Plan } from './plan.ts';
import { highestVersion, scriptStateOf } from './script-state.ts';
import { ownershipOf, type Situation } from './situation.ts';

/** What was found, in short words for the review page. */
export function factsOf(situation: Situation): Plan['facts'] {
  const { detected, answers, database, databaseName, pack } = situation;
  const facts = [
    { label: 'Server', value: `${database.server}: ${nameOf(detected.server.identity)}` },
    { label: 'Database', value: `${databaseName} ${stateInWords(situation)}` },
    {
      label: 'Schema',
      value: `${pack.origin}, version ${highestVersion(pack.scripts.map(({ version }) => version)) ?? 'none'}`,
    },
  ];
  const store = answers.identification?.storeId ?? situation.contents?.identity?.storeId;
  const company = answers.identification?.dataAreaId ?? situation.contents?.identity?.dataAreaId;
  if (store !== undefined)
    facts.push({ label: 'Store', value: company === undefined ? store : `${store}, company ${company}` });
  if (detected.server.rights.known)
    facts.push({ label: 'Signed in as', value: detected.server.rights.value.login });
  return facts;
}

function stateInWords({ contents, pack }: Situation): string {
  if (contents === undefined) return 'will be created';
  const version = contents.dbVersion === undefined ? '' : ` version ${contents.dbVersion}`;
  const { finished, pending } = scriptStateOf(pack, contents);
  switch (ownershipOf(contents)) {
    case 'empty':
      return 'exists and is empty';
    case 'original':
      return `was made by the product's own utility,${version}`;
    default:
      if (version !== '') return `exists,${version}${pending.length > 0 ? ', will be upgraded' : ''}`;
      return `was begun: ${finished.length} of ${finished.length + pending.length} scripts have run`;
  }
}

function nameOf(identity: ServerIdentity): string {
  return identity.isPracticeServer ? 'practice server, not SQL Server' : productName(identity);
}

/** The same for a register: where its rows come from, and where they go. */
export function offlineFacts(
  store: Situation,
  offline: Situation,
  { profile, from }: ChosenProfile,
  tables: number,
): Plan['facts'] {
  const { storeId, registerId, dataAreaId } = store.answers.identification ?? {};
  return [
    { label: 'Register', value: `${registerId} of store ${storeId}, company ${dataAreaId}` },
    { label: 'From', value: `${placeOf(store)} ${stateInWords(store)}` },
    { label: 'To', value: `${placeOf(offline)} ${stateInWords(offline)}` },
    {
      label: 'Profile',
      value: `"${profile.name}" ${from === 'store' ? 'as the store database has it' : 'that comes with storedb'}, ${tables} tables`,
    },
  ];
}

const placeOf = ({ database, databaseName, detected }: Situation): string =>
  `${database.server} (${nameOf(detected.server.identity)}) / ${databaseName}`;
