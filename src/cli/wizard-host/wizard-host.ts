import type { RunEvent } from '../../core/plan/index.ts';
import { memoryPins } from '../../core/sql/pins.ts';
import type { Draft } from '../../core/steps/index.ts';
import { syncInputOf } from '../../core/sync/setup-input.ts';
import type { Action, Effect, RunEnd } from '../../screens/index.ts';
import type { Memory } from '../memory.ts';
import { setUp } from '../set-up.ts';
import { createWatchHost } from '../sync/watch-host.ts';
import { wizardAnswers } from '../wizard-answers.ts';
import type { PackLoad } from '../wizard-closing.ts';
import { failureOf } from '../wizard-failure.ts';
import { valuesOf } from '../wizard-memory.ts';
import { createInitialDataHost } from './initial-data-host.ts';
import { createPracticeHost } from './practice-host.ts';
import { createReviewHost } from './review-host.ts';
import { createRunHost } from './run-host.ts';
import { createStepHost } from './step-host.ts';
import { createVerificationHost } from './verification-host.ts';

/** What the wizard asks of the outside, apart from drawing and leaving. */
type HostEffect = Exclude<Effect, { kind: 'exit' | 'end-now' | 'redraw' }>;

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
  readonly onPackLoad: (load: PackLoad) => void;
}): WizardHost {
  const { dispatch, memory, isPractice, warn } = ports;
  const practice = createPracticeHost(ports);
  const practiceServer = () => (isPractice ? practice.server() : undefined);
  // A practice server's certificate is new at each start: it must not be remembered.
  const pins = isPractice ? memoryPins() : memory.pins;
  const answersOf = (draft: Draft) => wizardAnswers(draft, { pins, practice: practiceServer(), warn });

  const step = createStepHost({
    dispatch,
    answersOf,
    pins,
    keep: (draft) => (isPractice ? undefined : memory.draft.keep(draft)),
  });
  const review = createReviewHost({ dispatch, answersOf });
  const run = createRunHost({
    ...ports,
    answersOf,
    practice: practiceServer,
    finish: (draft) => (isPractice ? undefined : memory.draft.finish(valuesOf(draft))),
  });
  const verification = createVerificationHost({ dispatch, answersOf });
  const initialData = createInitialDataHost({ ...ports, answersOf });
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
        return practice.start();
      case 'find-servers':
      case 'start-probe':
      case 'stop-probe':
      case 'keep-certificate':
      case 'find-identities':
      case 'read-profile':
      case 'save-draft':
        return step.carryOut(effect);
      case 'make-plan':
      case 'stop-plan':
      case 'write-answers':
        return review.carryOut(effect);
      case 'start-run':
      case 'cancel-run':
      case 'read-log':
      case 'keep-as-defaults':
        return run.carryOut(effect);
      case 'start-verify':
      case 'stop-verify':
        return verification.carryOut(effect);
      case 'watch-initial-data':
      case 'load-pack':
      case 'stop-watching':
        return initialData.carryOut(effect);
      case 'watch-sync':
      case 'unwatch-sync':
      case 'list-parked':
      case 'show-parked':
      case 'retry-parked':
      case 'accept-parked':
        return monitor.carryOut(effect);
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
      await Promise.all([step, review, run, verification, initialData].map((host) => host.end()));
      await monitor.end();
      await practice.end();
    },
  };
}
