import { relevantSteps } from '../../core/answers/draft.ts';
import { focusedItem, itemsOf } from '../items.ts';
import { pageBeside, pagesOf, stepOf } from '../page-order.ts';
import type { Page, WizardState } from '../wizard.ts';
import { changeField } from './editing.ts';
import { beginIdentities } from './identifying.ts';
import { beginPlan, leavePlan } from './planning.ts';
import { beginProbe } from './probing.ts';
import { problemsOfPage } from './problems.ts';
import { andThen, asking, settled, type Transition } from './transition.ts';
import { beginVerification } from './verifying.ts';

/** Enter on a page of questions: the button or the offer that has the attention, else the next page. */
export function goOn(state: WizardState): Transition {
  const item = focusedItem(state);
  if (item?.kind === 'test' && state.probe === undefined) return beginProbe(state);
  if (item?.kind === 'test' && state.probe?.isWorking === true) return settled(state);
  if (item?.kind === 'suggestion') {
    const taken = changeField({ ...state, focus: item.field.key, cursors: {} }, item.field, item.value);
    return andThen(taken, (next) => moveFocus(next, 'after-suggestions'));
  }
  const step = stepOf(state);
  const next = pageBeside(state, 1);
  if (step === undefined || next === undefined) return settled(state);
  const problems = problemsOfPage(step, state.draft);
  const [first] = problems;
  if (first !== undefined) return settled({ ...state, problems, focus: first.key, message: undefined });
  return andThen(leaveProbe(state), (left) => enterPage(left, next));
}

export function goBack(state: WizardState): Transition {
  const previous = pageBeside(state, -1);
  if (previous === undefined) return settled(state);
  return andThen(andThen(leaveProbe(state), leavePlan), (left) => enterPage(left, previous));
}

/** The first page before the review whose answers are not complete, as after answers were taken up without their password. */
function incompletePage(state: WizardState): Transition | undefined {
  for (const step of relevantSteps(state.draft)) {
    const problems = problemsOfPage(step, state.draft);
    const [first] = problems;
    if (first === undefined) continue;
    return andThen(enterPage(state, step.id), (opened) => settled({ ...opened, problems, focus: first.key }));
  }
  return undefined;
}

/** Opens a page. Answers are saved at each, so that a lost link costs one page at most. */
export function enterPage(state: WizardState, page: Page): Transition {
  const incomplete = page === 'review' ? incompletePage(state) : undefined;
  if (incomplete !== undefined) return incomplete;
  const opened: WizardState = {
    ...state,
    page,
    cursors: {},
    problems: [],
    message: undefined,
    scroll: 0,
    overlay: undefined,
  };
  const step = stepOf(opened);
  if (step !== undefined) {
    const focused = { ...opened, focus: itemsOf({ ...opened, focus: '' })[0]?.focus ?? '' };
    const saving = asking(focused, { kind: 'save-draft', step: step.id, draft: state.draft });
    return step.id === 'identification' ? andThen(saving, beginIdentities) : saving;
  }
  if (page !== 'review') return settled(opened);
  // The review is taken up at the last page of questions.
  return andThen(
    asking(opened, { kind: 'save-draft', step: 'options', draft: state.draft }),
    state.purpose === 'check' ? beginVerification : beginPlan,
  );
}

/** The next thing on the page, or the one before; round at the ends. */
export function moveFocus(state: WizardState, to: 'next' | 'previous' | 'after-suggestions'): Transition {
  const items = itemsOf(state);
  const at = items.findIndex((item) => item.focus === state.focus);
  const rest = items.slice(at + 1).findIndex((item) => item.kind !== 'suggestion');
  const index = to === 'next' ? at + 1 : to === 'previous' ? at - 1 : at + 1 + Math.max(0, rest);
  const target = items[(index + items.length) % items.length];
  return settled(target === undefined ? state : { ...state, focus: target.focus, cursors: {} });
}

/** After a store database: a register of it, with the answers that were given. */
export function setUpRegister(state: WizardState): Transition {
  const draft = { ...state.draft, task: 'offline-database' };
  const begun = { ...state, draft, run: undefined, end: undefined, planning: undefined };
  return enterPage(begun, 'identification');
}

/** Takes up the answers of the wizard that was cut off, at the page where it was. */
export function continueSaved(state: WizardState): Transition {
  const { saved: offered } = state;
  if (offered === undefined) return settled(state);
  const draft = { ...state.draft, ...offered.values };
  const page = pagesOf(draft).includes(offered.step) ? offered.step : 'task';
  return enterPage({ ...state, draft, saved: undefined }, page);
}

function leaveProbe(state: WizardState): Transition {
  const left = { ...state, probe: undefined };
  return state.probe?.isWorking === true ? asking(left, { kind: 'stop-probe' }) : settled(left);
}
