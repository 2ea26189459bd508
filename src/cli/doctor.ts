import type { Answers, DatabaseAnswers } from '../core/answers/answers.ts';
import { connectionTarget } from '../core/answers/sign-in.ts';
import { type ExitName, ExpectedError } from '../core/errors.ts';
import { makePlan } from '../core/plan/index.ts';
import { probeConnection } from '../core/sql/probe.ts';
import type { GlobalOptions } from './global-options.ts';
import { readAnswers } from './read-answers.ts';
import { connectTimeout, setUp } from './set-up.ts';
import { type Unattended, unattended } from './unattended.ts';

export type DoctorOptions = {
  readonly file: string;
  readonly set: readonly string[];
  readonly json: boolean;
};

type Section = 'storeDatabase' | 'offlineDatabase';

/** One line of a diagnosis; `hint` is the one next thing to do, with every warning and failure. */
type Diagnosis = {
  readonly database: Section;
  readonly label: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  readonly hint?: string | undefined;
};

/**
 * `storedb doctor`: every connection layer by layer, then whatever would stop a set-up or be worth knowing before it.
 * Changes nothing. Ends with `connection` or `prerequisite` when something failed, as a run would.
 */
export async function doctor(options: DoctorOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await readAnswers(options.file, options.set);
  return await unattended(
    answers,
    globals,
    () => undefined,
    async (used) => {
      const found: Diagnosis[] = [];
      let exit: ExitName = 'done';
      for await (const { line, failure } of diagnose(used)) {
        found.push(line);
        if (failure !== undefined && exit === 'done') exit = failure;
        if (!options.json) for (const text of linesOf(line)) process.stdout.write(`${text}\n`);
      }
      if (options.json) process.stdout.write(`${JSON.stringify({ exit, findings: found })}\n`);
      return exit;
    },
  );
}

type Step = { readonly line: Diagnosis; readonly failure?: ExitName };

async function* diagnose(used: Unattended): AsyncGenerator<Step> {
  let isStoreReached = true;
  for (const [section, database] of databasesOf(used.answers)) {
    for await (const step of connection(section, database, used)) {
      if (section === 'storeDatabase' && step.failure !== undefined) isStoreReached = false;
      yield step;
    }
  }
  if (isStoreReached) yield* prerequisites(used);
}

function databasesOf(answers: Answers): readonly (readonly [Section, DatabaseAnswers])[] {
  const { storeDatabase, offlineDatabase } = answers;
  const store = ['storeDatabase', storeDatabase] as const;
  return offlineDatabase === undefined ? [store] : [store, ['offlineDatabase', offlineDatabase]];
}

async function* connection(
  section: Section,
  database: DatabaseAnswers,
  used: Unattended,
): AsyncGenerator<Step> {
  const target = await connectionTarget(section, database, used.answers.options.encryption, used.secrets);
  const options = { pins: used.pins, appName: 'storedb', connectTimeoutMs: connectTimeout };
  for await (const event of probeConnection({ ...target, database: database.name }, options, used.signal)) {
    const { status, label, message, hint, exit } = event;
    if (status === 'working') continue;
    const line = { database: section, label, status, message, hint };
    yield exit === undefined ? { line } : { line, failure: exit };
  }
}

async function* prerequisites(used: Unattended): AsyncGenerator<Step> {
  const about = { database: 'storeDatabase', label: 'Set-up' } as const;
  try {
    const plan = await makePlan(await setUp(used.answers, used.secrets, used.pins), used.signal);
    for (const { message, hint } of plan.warnings)
      yield { line: { ...about, status: 'warning', message, hint } };
    const count = plan.actions.length;
    const message = count === 0 ? 'nothing to do' : `nothing stands in the way of its ${count} actions`;
    yield { line: { ...about, status: 'ok', message } };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const { message, hint, exit } = error;
    yield { line: { ...about, status: 'failed', message, hint }, failure: exit };
  }
}

function linesOf({ database, label, status, message, hint }: Diagnosis): readonly string[] {
  const where = database === 'storeDatabase' ? 'store  ' : 'offline';
  const line = `  ${status.padEnd(8)} ${where}  ${label.padEnd(11)} ${message}`;
  return hint === undefined || hint === '' ? [line] : [line, `           Next: ${hint}`];
}
