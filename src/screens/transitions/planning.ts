import type { ReviewAction } from '../state/review.ts';
import type { WizardState } from '../wizard.ts';
import { asking, settled, type Transition } from './transition.ts';

/** Asks the server what there is to do; the review page shows it when it is there. */
export function beginPlan(state: WizardState): Transition {
  const id = state.serial;
  return asking(
    {
      ...state,
      serial: id + 1,
      scroll: 0,
      planning: { status: 'making', id, since: state.now },
    },
    { kind: 'make-plan', id, draft: state.draft },
  );
}

export function takePlan(
  state: WizardState,
  { id, plan, sql }: Extract<ReviewAction, { kind: 'plan-made' }>,
): Transition {
  if (!isExpected(state, id)) return settled(state);
  return settled({ ...state, planning: { status: 'made', plan, sql } });
}

export function takePlanFailure(
  state: WizardState,
  { id, failure }: Extract<ReviewAction, { kind: 'plan-failed' }>,
): Transition {
  if (!isExpected(state, id)) return settled(state);
  return settled({ ...state, planning: { status: 'failed', failure } });
}

/** A plan is about the answers it was made from: leaving the review drops it. */
export function leavePlan(state: WizardState): Transition {
  const left = { ...state, planning: undefined };
  return state.planning?.status === 'making' ? asking(left, { kind: 'stop-plan' }) : settled(left);
}

function isExpected({ planning }: WizardState, id: number): boolean {
  return planning?.status === 'making' && planning.id === id;
}
