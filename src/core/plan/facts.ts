import type { ServerIdentity } from './detected.ts';
import type { Plan } from './plan.ts';
import { highestVersion, scriptStateOf } from './script-state.ts';
import { ownershipOf, type Situation } from './situation.ts';

const releases: Readonly<Record<string, string>> = {
  '9.0': '2005',
  '10.0': '2008',
  '10.50': '2008 R2',
  '11.0': '2012',
  '12.0': '2014',
  '13.0': '2016',
  '14.0': '2017',
  '15.0': '2019',
  '16.0': '2022',
  '17.0': '2025',
};

/** "SQL Server 2012 Express Edition", in the words that technicians use; other engines by their own first words. */
export function productName(identity: ServerIdentity): string {
  if (identity.isPracticeServer) return 'practice server, not SQL Server';
  const [firstLine = ''] = identity.versionText.split('\n');
  if (!firstLine.startsWith('Microsoft SQL Server'))
    return firstLine.trim().slice(0, 60) || 'a server of unknown make';
  const release = releases[identity.productVersion.split('.').slice(0, 2).join('.')];
  const edition = identity.edition.replace(/ \(64-bit\)$/, '');
  return `SQL Server ${release ?? identity.productVersion} ${edition}`.trim();
}

/** What was found, in short words for the review page. */
export function factsOf(situation: Situation): Plan['facts'] {
  const { detected, answers, databaseName, pack } = situation;
  const facts = [
    { label: 'Server', value: `${answers.storeDatabase.server}: ${productName(detected.server.identity)}` },
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
