import type { ExpectedError } from '../errors.ts';
import { hashFormat } from '../schema/hash.ts';
import { compareVersions, isVersion } from '../schema/version.ts';
import { fold } from './detect/ask.ts';
import { refusal } from './refusal.ts';
import { highestVersion, scriptStateOf } from './script-state.ts';
import type { Situation } from './situation.ts';

/** Whether the pack at hand is the one that made the database, or a later edition of it. */
export function refuseSchema(situation: Situation): ExpectedError | undefined {
  return refuseNewer(situation) ?? refuseChanged(situation) ?? refuseOutOfOrder(situation);
}

function refuseNewer({ contents, databaseName, pack }: Situation): ExpectedError | undefined {
  if (contents === undefined) return undefined;
  const { dbVersion } = contents;
  if (dbVersion !== undefined && !isVersion(dbVersion)) {
    return refusal(
      'version-unreadable',
      `The database ${databaseName} says that its version is "${dbVersion}", which is not a version.`,
      'Correct the row DBVERSION of the table POSISINFO, or choose another database.',
    );
  }
  const finished = scriptStateOf(pack, contents).finished.map(({ version }) => version);
  const inDatabase = highestVersion(
    [...finished, ...(dbVersion === undefined ? [] : [dbVersion])].filter(isVersion),
  );
  const inPack = highestVersion(pack.scripts.map(({ version }) => version));
  if (inDatabase === undefined || (inPack !== undefined && compareVersions(inDatabase, inPack) <= 0))
    return undefined;
  return refusal(
    'database-newer',
    `The database ${databaseName} has version ${inDatabase}; ${pack.origin} only goes up to ${inPack}.`,
    'Use the newer storedb (or the newer folder of scripts) that made it.',
    { inDatabase, inPack: inPack ?? '' },
  );
}

function refuseChanged({ contents, databaseName, pack }: Situation): ExpectedError | undefined {
  const scripts = new Map(pack.scripts.map((script) => [fold(script.id), script]));
  for (const entry of scriptStateOf(pack, contents).finished) {
    const script = scripts.get(fold(entry.scriptId));
    if (script === undefined) {
      return refusal(
        'script-missing',
        `The script ${entry.scriptId} ran on the database ${databaseName}, but ${pack.origin} does not have it.`,
        entry.pack === pack.name
          ? 'Complete the folder of scripts; a script that ran must stay in it.'
          : `It came from the ${entry.pack} schema: set options.schemaPack to what made the database.`,
        { script: entry.scriptId },
      );
    }
    // A row of another hash format cannot be compared; the next format's code brings the older way along.
    if (entry.hashFormat === hashFormat && entry.sha256.toLowerCase() !== script.sha256) {
      return refusal(
        'script-changed',
        `The script ${script.id} was changed after it ran on the database ${databaseName}.`,
        'Put back the script as it was, and write the change as a new script with a new version.',
        { script: script.id, journal: entry.sha256, pack: script.sha256 },
      );
    }
  }
  return undefined;
}

/** A script that was slipped in before one that already ran: on this database it would meet tables that are later than it. */
function refuseOutOfOrder({ contents, databaseName, pack }: Situation): ExpectedError | undefined {
  const { pending, finished } = scriptStateOf(pack, contents);
  const finishedIds = new Set(finished.map(({ scriptId }) => fold(scriptId)));
  const lastFinished = pack.scripts.findLastIndex(({ id }) => finishedIds.has(fold(id)));
  const late = pending.find((script) => pack.scripts.indexOf(script) < lastFinished);
  if (late === undefined) return undefined;
  return refusal(
    'script-out-of-order',
    `The script ${late.id} (version ${late.version}) comes before scripts that already ran on the database ${databaseName}.`,
    'Give it a version above the last one in the list.',
    { script: late.id },
  );
}
