import { readFileSync } from 'node:fs';
import { toAnswers } from '../core/answers/draft.ts';
import { connectionTarget } from '../core/answers/sign-in.ts';
import { ExpectedError } from '../core/errors.ts';
import { makePlan, type RunEvent } from '../core/plan/index.ts';
import { findLocalInstances } from '../core/sql/local-instances.ts';
import { memoryPins } from '../core/sql/pins.ts';
import { probeConnection } from '../core/sql/probe.ts';
import type { Draft } from '../core/steps/index.ts';
import { syncInputOf } from '../core/sync/setup-input.ts';
import { verify } from '../core/verify/verify.ts';
import type { Action, Effect, RunEnd } from '../screens/index.ts';
import { loadFoundPack, watchInitialData } from './distribute/arriving-data.ts';
import { findIdentities, storeDraft } from './find-identities.ts';
import type { Memory } from './memory.ts';
import { planAsSql } from './plan-text.ts';
import { type PracticeProcess, startPracticeProcess } from './practice-process.ts';
import { profileLines } from './profile-lines.ts';
import { connectTimeout, setUp } from './set-up.ts';
import { createWatchHost } from './sync/watch-host.ts';
import { wizardAnswers, writeAnswersFile } from './wizard-answers.ts';
import { failureOf } from './wizard-failure.ts';
import { savedDraft, valuesOf } from './wizard-memory.ts';
import { runForWizard } from './wizard-run.ts';

/** What the wizard asks of the outside, apart from drawing and leaving. */
export type HostEffect = Exclude<Effect, { kind: 'exit' | 'end-now' | 'redraw' }>;

export type WizardHost = {
  /** Begins the effect; it reports with actions. */
  readonly carryOut: (effect: HostEffect) => void;
  /** Ends what is still at work, the practice server included. */
  readonly end: () => Promise<void>;
};

/** Carries out the wizard's effects on this machine. Failures become actions; nothing is thrown. */
export function createWizardHost(ports: {
  readonly dispatch: (action: Action) => void;
  readonly memory: Memory;
  readonly isPractice: boolean;
  readonly logDir: string | undefined;
  readonly warn: (text: string) => void;
  readonly onRunEvent: (event: RunEvent) => void;
  readonly onRunEnd: (end: RunEnd) => void;
}): WizardHost {
  const { dispatch, memory, isPractice, warn } = ports;
  let practice: PracticeProcess | undefined;
  let starting: Promise<void> | undefined;
  let probe = new AbortController();
  let plan = new AbortController();
  let verification = new AbortController();
  let watching = new AbortController();
  let asking = new AbortController();
  const ending = new AbortController();
  let run = new AbortController();
  let log: string | undefined;
  // A practice server's certificate is new at each start: it must not be remembered.
  const pins = isPractice ? memoryPins() : memory.pins;
  const answersOf = (draft: Draft) => {
    if (isPractice && practice === undefined) throw noPracticeServer();
    return wizardAnswers(draft, { pins, practice, warn });
  };

  async function startPractice(): Promise<void> {
    try {
      practice = await startPracticeProcess(warn);
      const { server, user, password } = practice;
      dispatch({ kind: 'practice-ready', server, user, password });
    } catch (error) {
      dispatch({ kind: 'practice-failed', failure: failureOf(error) });
    }
  }

  async function startProbe({ id, section, draft }: Extract<Effect, { kind: 'start-probe' }>): Promise<void> {
    probe.abort();
    probe = new AbortController();
    const { signal } = probe;
    try {
      const used = answersOf(draft);
      const database = used.answers[section] ?? used.answers.storeDatabase;
      const { encryption } = used.answers.options;
      const target = await connectionTarget(section, database, encryption, used.secrets);
      const options = { pins: used.pins, appName: 'storedb', connectTimeoutMs: connectTimeout };
      const events = probeConnection({ ...target, database: database.name }, options, signal);
      for await (const event of events) dispatch({ kind: 'probe-event', id, event });
      dispatch({ kind: 'probe-ended', id });
    } catch (error) {
      if (!signal.aborted) dispatch({ kind: 'probe-ended', id, failure: failureOf(error) });
    }
  }

  async function planFor({ id, draft }: Extract<Effect, { kind: 'make-plan' }>): Promise<void> {
    plan.abort();
    plan = new AbortController();
    const { signal } = plan;
    try {
      const used = answersOf(draft);
      const made = await makePlan(await setUp(used.answers, used.secrets, used.pins), signal);
      dispatch({ kind: 'plan-made', id, plan: made, sql: planAsSql(made).split('\n') });
    } catch (error) {
      if (!signal.aborted) dispatch({ kind: 'plan-failed', id, failure: failureOf(error) });
    }
  }

  async function askIdentities({ id, draft }: Extract<Effect, { kind: 'find-identities' }>): Promise<void> {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const identities = await findIdentities(answersOf(storeDraft(draft)), signal);
      dispatch({ kind: 'identities-found', id, identities });
    } catch (error) {
      if (!signal.aborted) dispatch({ kind: 'identities-unknown', id, failure: failureOf(error) });
    }
  }

  async function readProfile(draft: Draft): Promise<void> {
    const { signal } = ending;
    dispatch({
      kind: 'profile-read',
      lines: await profileLines(answersOf(storeDraft(draft)), draft, signal),
    });
  }

  async function startVerify({ id, draft }: Extract<Effect, { kind: 'start-verify' }>): Promise<void> {
    verification.abort();
    verification = new AbortController();
    const { signal } = verification;
    try {
      const used = answersOf(draft);
      const events = verify(await setUp(used.answers, used.secrets, used.pins), signal);
      for await (const event of events) dispatch({ kind: 'verify-event', id, event });
    } catch (error) {
      if (!signal.aborted) dispatch({ kind: 'verify-failed', id, failure: failureOf(error) });
    }
  }

  async function watch({ id, draft }: Extract<Effect, { kind: 'watch-initial-data' }>): Promise<void> {
    watching.abort();
    watching = new AbortController();
    await watchInitialData(
      answersOf(draft),
      {
        packs: (packs) => dispatch({ kind: 'packs-found', id, packs }),
        jobs: (jobs, isComplete) => dispatch({ kind: 'initial-data-read', id, jobs, isComplete }),
        failed: (failure) => dispatch({ kind: 'initial-data-unread', id, failure }),
      },
      watching.signal,
    );
  }

  async function loadPack({ id, path, draft }: Extract<Effect, { kind: 'load-pack' }>): Promise<void> {
    const progress = (words: string) => dispatch({ kind: 'pack-progress', id, words });
    const { logDir } = ports;
    const failure = await loadFoundPack(
      answersOf(draft),
      path,
      { logDir, warn, progress },
      watching.signal,
    ).catch(failureOf);
    dispatch({ kind: 'pack-loaded', id, failure });
  }

  async function startRun({ draft, fingerprint }: Extract<Effect, { kind: 'start-run' }>): Promise<void> {
    const show = (event: RunEvent) => {
      ports.onRunEvent(event);
      dispatch({ kind: 'run-event', event });
    };
    const { logDir } = ports;
    // A run that was stopped can be tried again.
    run = new AbortController();
    const options = { fingerprint, logDir, practice, warn, show };
    let end: RunEnd;
    try {
      end = await runForWizard(answersOf(draft), options, run.signal);
      log = end.log;
    } catch (error) {
      end = notBegun(error);
    }
    ports.onRunEnd(end);
    dispatch({ kind: 'run-ended', end });
  }

  const monitor = createWatchHost({
    dispatch,
    inputOf: async ({ draft }) => {
      const used = answersOf(draft);
      return syncInputOf(await setUp(used.answers, used.secrets, used.pins));
    },
  });

  /** A switch, so that an effect that is not carried out does not compile. */
  function begin(effect: HostEffect): void | Promise<void> {
    switch (effect.kind) {
      case 'start-practice':
        starting = startPractice();
        return starting;
      case 'find-servers':
        return findServers(dispatch);
      case 'start-probe':
        return startProbe(effect);
      case 'stop-probe':
        return probe.abort();
      case 'keep-certificate':
        return pins
          .keep(effect.certificate.serverKey, effect.certificate.fingerprint)
          .then(() => dispatch({ kind: 'certificate-kept' }));
      case 'make-plan':
        return planFor(effect);
      case 'stop-plan':
        return plan.abort();
      case 'find-identities':
        return askIdentities(effect);
      case 'read-profile':
        return readProfile(effect.draft);
      case 'start-verify':
        return startVerify(effect);
      case 'stop-verify':
        return verification.abort();
      case 'watch-initial-data':
        return watch(effect);
      case 'load-pack':
        return loadPack(effect);
      case 'stop-watching':
        return watching.abort();
      case 'start-run':
        return startRun(effect);
      case 'cancel-run':
        return run.abort();
      case 'watch-sync':
      case 'unwatch-sync':
      case 'list-parked':
      case 'show-parked':
      case 'retry-parked':
      case 'accept-parked':
        return monitor.carryOut(effect);
      case 'save-draft':
        return isPractice ? undefined : memory.draft.keep(savedDraft(effect));
      case 'keep-as-defaults':
        return isPractice ? undefined : memory.draft.finish(valuesOf(effect.draft));
      case 'write-answers':
        return dispatch({ kind: 'answers-written', path: writeAnswersFile(toAnswers(effect.draft)) });
      case 'read-log':
        return dispatch({ kind: 'log-read', lines: linesOf(log ?? '') });
    }
  }

  return {
    carryOut: (effect) => {
      const say = (error: unknown) => {
        const { message, hint } = failureOf(error);
        dispatch({ kind: 'show-message', message: `${message} ${hint}` });
      };
      try {
        begin(effect)?.catch(say);
      } catch (error) {
        say(error);
      }
    },
    end: async () => {
      for (const work of [probe, plan, verification, watching, asking, ending, run]) work.abort();
      await monitor.end();
      await starting;
      await practice?.end();
    },
  };
}

/** Under --practice no other server may be touched, whatever has become of the practice server. */
function noPracticeServer(): ExpectedError {
  return new ExpectedError({
    code: 'practice-server-failed',
    exit: 'prerequisite',
    message: 'There is no practice server to connect to.',
    hint: 'Run "storedb practice" by itself and see what it says.',
  });
}

/** The log lies on a stick, perhaps, and sticks are pulled out. */
function linesOf(log: string): readonly string[] {
  try {
    return readFileSync(log, 'utf8').split(/\r?\n/);
  } catch (error) {
    throw new ExpectedError({
      code: 'log-unreadable',
      exit: 'usage',
      message: `${log} cannot be read any more (${(error as NodeJS.ErrnoException).code}).`,
      hint: 'Put back what it lies on.',
      cause: error,
    });
  }
}

/** A run that could not even have a log folder: there is nothing to read and nothing to repeat. */
function notBegun(error: unknown): RunEnd {
  const exit = error instanceof ExpectedError ? error.exit : 'bug';
  return { exit, log: '', command: '', failure: failureOf(error) };
}

async function findServers(dispatch: (action: Action) => void): Promise<void> {
  const found = await findLocalInstances();
  const servers = found.filter((each) => each.isTcpEnabled).map((each) => each.server);
  dispatch({ kind: 'servers-found', servers });
}
