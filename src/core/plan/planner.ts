import type { Answers } from '../answers/answers.ts';
import type { SchemaPack } from '../schema/pack.ts';
import { bookkeeping, recordIdentity } from './actions/bookkeeping.ts';
import { createDatabase } from './actions/create-database.ts';
import { databaseOptions } from './actions/options.ts';
import { registerGroupAccess } from './actions/register-group.ts';
import { roles } from './actions/roles.ts';
import { repairVersion, runScripts } from './actions/scripts.ts';
import type { Target } from './actions/target.ts';
import type { DetectedSide } from './detected.ts';
import { factsOf } from './facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Action, Plan } from './plan.ts';
import { refuseDatabase } from './refuse-database.ts';
import { refuseSchema } from './refuse-schema.ts';
import {
  refuseOldServer,
  refuseRights,
  refuseSecondStore,
  refuseSpace,
  refuseTask,
} from './refuse-server.ts';
import { withoutRefused } from './refused-before.ts';
import { scriptStateOf } from './script-state.ts';
import { type Situation, situationOf } from './situation.ts';
import { warningsOf } from './warnings.ts';

/** In the order in which a technician can do something about them: the first one is thrown. */
const refusals = [
  refuseTask,
  refuseOldServer,
  refuseDatabase,
  refuseSchema,
  refuseSecondStore,
  refuseRights,
  refuseSpace,
] as const;

/** In the order in which they are done. */
const builders = [
  createDatabase,
  databaseOptions,
  bookkeeping,
  runScripts,
  repairVersion,
  roles,
  registerGroupAccess,
  recordIdentity,
] as const;

/**
 * What has to be done so that the store database is as it should be; `actions` is empty when it is. Pure: the same
 * answers, detection and pack give the same plan. Throws ExpectedError (exit `prerequisite`) when it must not be
 * done; its hint is the one next thing to do.
 */
export function planStoreDatabase(answers: Answers, detected: DetectedSide, pack: SchemaPack): Plan {
  const situation = situationOf(answers, detected, pack);
  for (const refuse of refusals) {
    const reason = refuse(situation);
    if (reason !== undefined) throw reason;
  }
  const target: Target = {
    role: 'store',
    server: answers.storeDatabase.server,
    database: situation.databaseName,
  };
  const { actions, warnings } = withoutRefused(
    builders.flatMap((build) => build(situation, target)),
    situation.contents?.journal ?? [],
  );
  return {
    task: answers.task,
    purpose: purposeOf(situation, actions),
    target,
    facts: factsOf(situation),
    isPracticeServer: detected.server.identity.isPracticeServer,
    actions,
    warnings: [...warningsOf(situation), ...warnings],
    fingerprint: fingerprintOf({ target, actions, restsOn: restsOn(situation) }),
  };
}

/** Sizes, clocks and free space move by themselves; a reviewed plan does not rest on them. */
function restsOn({ detected, existing, contents }: Situation): unknown {
  const { productVersion, isPracticeServer } = detected.server.identity;
  return {
    productVersion,
    isPracticeServer,
    exists: existing !== undefined,
    dbVersion: contents?.dbVersion,
    identity: contents?.identity,
    journal: contents?.journal.map(({ scriptId, sha256, outcome }) => `${outcome} ${scriptId} ${sha256}`),
  };
}

function purposeOf({ contents, pack }: Situation, actions: readonly Action[]): Plan['purpose'] {
  if (actions.length === 0) return 'nothing';
  const { finished, pending, toRecord } = scriptStateOf(pack, contents);
  const isSchemaWork = pending.length > 0 || toRecord.length > 0;
  if (contents === undefined || (isSchemaWork && contents.dbVersion === undefined)) return 'create';
  if (isSchemaWork) return 'upgrade';
  return finished.length > 0 && contents.identity === undefined ? 'create' : 'repair';
}
