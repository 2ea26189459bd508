import { connectionTarget } from '../core/answers/sign-in.ts';
import { type ProbeEvent, probeConnection } from '../core/sql/probe.ts';
import type { Draft, Step } from '../core/steps/index.ts';
import { storeDraft } from './find-identities.ts';
import { connectTimeout } from './set-up.ts';
import type { WizardAnswers } from './wizard-answers.ts';

/** Tests the connection of a page of questions. The pages behind it may not have been answered yet. */
export async function* probeDatabase(
  answersOf: (draft: Draft) => WizardAnswers,
  section: NonNullable<Step['connection']>,
  draft: Draft,
  signal: AbortSignal,
): AsyncGenerator<ProbeEvent> {
  const { answers, secrets, pins } = answersOf(section === 'storeDatabase' ? storeDraft(draft) : draft);
  const database = answers[section] ?? answers.storeDatabase;
  const target = await connectionTarget(section, database, answers.options.encryption, secrets);
  const options = { pins, appName: 'storedb', connectTimeoutMs: connectTimeout };
  yield* probeConnection({ ...target, database: database.name }, options, signal);
}
