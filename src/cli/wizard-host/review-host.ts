import { toAnswers } from '../../core/answers/draft.ts';
import { makePlan } from '../../core/plan/index.ts';
import type { ReviewEffect } from '../../screens/index.ts';
import { planAsSql } from '../plan-text.ts';
import { setUp } from '../set-up.ts';
import { writeAnswersFile } from '../wizard-answers.ts';
import type { EffectHost, HostPorts } from './effect-host.ts';
import { newestWork } from './newest-work.ts';

/** What the review asks of the outside: the plan, and the answers as a file. */
export function createReviewHost({ dispatch, answersOf }: HostPorts): EffectHost<ReviewEffect> {
  const planning = newestWork();

  const makePlanOf = ({ id, draft }: Extract<ReviewEffect, { kind: 'make-plan' }>) =>
    planning.begin(
      async (signal) => {
        const used = answersOf(draft);
        const plan = await makePlan(await setUp(used.answers, used.secrets, used.pins), signal);
        dispatch({ kind: 'plan-made', id, plan, sql: planAsSql(plan).split('\n') });
      },
      (failure) => dispatch({ kind: 'plan-failed', id, failure }),
    );

  return {
    carryOut: (effect) => {
      switch (effect.kind) {
        case 'make-plan':
          return makePlanOf(effect);
        case 'stop-plan':
          return planning.end();
        case 'write-answers':
          return dispatch({ kind: 'answers-written', path: writeAnswersFile(toAnswers(effect.draft)) });
      }
    },
    end: planning.end,
  };
}
