import { groupActions } from '../accounts/group-actions.ts';
import type { Answers } from '../answers/answers.ts';
import type { ExpectedError } from '../errors.ts';
import type { SchemaPack } from '../schema/pack.ts';
import { bookkeeping, recordIdentity } from './actions/bookkeeping.ts';
import { createDatabase } from './actions/create-database.ts';
import { databaseOptions } from './actions/options.ts';
import { roles } from './actions/roles.ts';
import { repairVersion, runScripts } from './actions/scripts.ts';
import type { DetectedSide } from './detected.ts';
import { factsOf } from './facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Action, Finding, Plan } from './plan.ts';
import { refuseDatabase } from './refuse-database.ts';
import { refuseSchema } from './refuse-schema.ts';
import { refuseOldServer, refuseRights, refuseSecondStore, refuseSpace } from './refuse-server.ts';
import { withoutRefused } from './refused-before.ts';
import { scriptStateOf } from './script-state.ts';
import { type Situation, situationOf, targetOf } from './situation.ts';
import { warningsOf } from './warnings.ts';

/** A reason not to go on, with the one next thing to do. */
export type Refusal = (situation: Situation) => ExpectedError | undefined;

/** Whether a database may be set up: in the order in which a technician can do something about it. */
const refusals: readonly Refusal[] = [
  refuseOldServer,
  refuseDatabase,
  refuseSchema,
  refuseSecondStore,
  refuseRights,
  refuseSpace,
];

/** In the order in which they are done. */
const builders = [
  createDatabase,
  databaseOptions,
  bookkeeping,
  runScripts,
  repairVersion,
  roles,
  groupActions,
  recordIdentity,
] as const;

/** Throws the first reason there is. */
export function refuseFirst(reasons: readonly Refusal[], situation: Situation): void {
  for (const refuse of reasons) {
    const reason = refuse(situation);
    if (reason !== undefined) throw reason;
  }
}

/** What has to be done so that one database is as it should be, then `further`, and what to know about it. Throws the refusals. */
export function planDatabase(
  situation: Situation,
  further: readonly Action[] = [],
): {
  readonly actions: readonly Action[];
  readonly warnings: readonly Finding[];
} {
  refuseFirst(refusals, situation);
  const target = targetOf(situation);
  return withWarnings(situation, [...builders.flatMap((build) => build(situation, target)), ...further]);
}

/** Leaves out what the engine has refused before, and adds what is to be known about the database and its server. */
export function withWarnings(situation: Situation, wanted: readonly Action[]) {
  const { actions, warnings } = withoutRefused(wanted, situation.contents?.journal ?? []);
  return { actions, warnings: [...warningsOf(situation), ...warnings] };
}

/**
 * What has to be done so that the store database is as it should be; `actions` is empty when it is. Pure: the same
 * answers, detection and pack give the same plan. Throws ExpectedError (exit `prerequisite`) when it must not be
 * done; its hint is the one next thing to do.
 */
export function planStoreDatabase(
  answers: Answers,
  detected: DetectedSide,
  pack: SchemaPack,
  further: readonly Action[] = [],
): Plan {
  const situation = situationOf('store', answers, detected, pack);
  const { actions, warnings } = planDatabase(situation, further);
  return finished(situation, [situation], actions, warnings);
}

/** The plan over some databases, of which one is what the task is about. */
export function finished(
  main: Situation,
  all: readonly Situation[],
  actions: readonly Action[],
  warnings: readonly Finding[],
  facts: Plan['facts'] = factsOf(main),
  purpose?: 'fill' | 'remove' | 'service',
): Plan {
  const target = targetOf(main);
  return {
    task: main.answers.task,
    purpose: purpose !== undefined && actions.length > 0 ? purpose : purposeOf(main, actions),
    target,
    targets: all.map(targetOf),
    facts,
    isPracticeServer: all.some(({ detected }) => detected.server.identity.isPracticeServer),
    actions,
    warnings,
    fingerprint: fingerprintOf({ target, actions, restsOn: all.map(restsOn) }),
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
