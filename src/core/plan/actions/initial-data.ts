import type { InitialData } from '../../distribute/initial-data.ts';
import { chosenJobs } from '../../distribute/load/chosen-jobs.ts';
import type { LoadPack } from '../../distribute/load/load-pack.ts';
import { checkContents } from '../../distribute/pack/content.ts';
import { compareVersions } from '../../schema/version.ts';
import { counted } from '../../verify/checks.ts';
import { amount } from '../../words.ts';
import { fold } from '../detect/ask.ts';
import type { Action } from '../plan.ts';
import { refusal } from '../refusal.ts';
import { operationHash } from '../run-operation.ts';
import { highestVersion } from '../script-state.ts';
import { type Situation, targetOf } from '../situation.ts';

const id = 'initial-data';

/**
 * Loads the pack of the answers, once: the journal says whether it has been. The whole pack is read before, because a
 * database that was made for nothing is a nuisance. `isFilled` = the database has a shop's data, with which the sample
 * must not be mixed.
 */
export async function initialDataActions(
  situation: Situation,
  initialData: InitialData | undefined,
  isFilled: boolean,
  signal: AbortSignal,
): Promise<readonly Action[]> {
  if (initialData === undefined) return [];
  const action = loadAction(situation, initialData);
  const hash = operationHash(action.operation);
  const earlier = (situation.contents?.journal ?? []).filter(
    ({ scriptId, sha256 }) => scriptId === `operation:${id}` && sha256 === hash,
  );
  if (earlier.some(({ outcome }) => outcome === 'done')) return [];
  if (initialData.pack.sample !== undefined && isFilled && earlier.length === 0) return [];
  await checkContents(initialData.pack, chosenJobs(initialData).files, signal);
  return [action];
}

/** Throws the reasons why a pack is not for this database. */
export function loadAction(
  situation: Situation,
  initialData: InitialData,
): Extract<Action, { kind: 'operation' }> & { readonly operation: LoadPack } {
  const { pack } = initialData;
  refuseSample(situation, initialData);
  refuseCompany(situation, initialData);
  refuseVersion(situation, initialData);
  const { jobs, files } = chosenJobs(initialData);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return {
    id,
    kind: 'operation',
    title:
      pack.sample === undefined
        ? `Load ${amount(rows)} rows of initial data into ${counted(files.length, 'table', 'tables')}`
        : 'Fill the store database with the sample data of an invented shop',
    risk: 'changes',
    need: 'necessary',
    target: targetOf(situation),
    operation: {
      kind: 'load-pack',
      contents: pack.manifest.contents,
      company: pack.manifest.company,
      jobs: jobs.map((job) => job.id),
    },
    describes: [
      `The pack ${pack.place}, made ${pack.manifest.madeUtc}${pack.manifest.store === undefined ? '' : ` at store ${pack.manifest.store}`}. All of it is read and checked before anything is changed.`,
      ...jobs.map(
        (job) =>
          `${job.id} ${job.name}: ${job.kind === 'N' ? 'the rows of the company become those of the pack' : 'rows are added and changed, none is removed'} (${job.tables.join(', ')})`,
      ),
    ],
  };
}

function refuseSample({ detected }: Situation, { pack }: InitialData): void {
  if (pack.sample === undefined || detected.server.identity.isPracticeServer) return;
  throw refusal(
    'sample-data-on-a-real-server',
    'The sample data of an invented shop is for practice servers only.',
    'Take options.initialData out of the answers, or name a pack of your company there.',
  );
}

function refuseCompany({ answers, contents }: Situation, { pack }: InitialData): void {
  const wanted = answers.identification?.dataAreaId ?? contents?.identity?.dataAreaId;
  const { company } = pack.manifest;
  if (wanted === undefined || fold(wanted) === fold(company)) return;
  throw refusal(
    'pack-wrong-company',
    `The pack ${pack.place} has the rows of the company ${company}; this store database is of ${wanted}.`,
    `Get a pack of ${wanted}, or put identification.dataAreaId right.`,
    { company },
  );
}

/** Rows of another schema have other columns, or the same ones with another meaning. */
function refuseVersion({ contents, pack: schema }: Situation, { pack }: InitialData): void {
  const { schemaVersion } = pack.manifest;
  const will = highestVersion(schema.scripts.map(({ version }) => version)) ?? contents?.dbVersion;
  if (pack.sample !== undefined || will === undefined || compareVersions(will, schemaVersion) === 0) return;
  throw refusal(
    'pack-wrong-version',
    `The pack ${pack.place} was made from a database of version ${schemaVersion}; this one has ${will}.`,
    'Have the pack made from a store database of the same version: upgrade the older of the two first.',
    { version: schemaVersion },
  );
}
