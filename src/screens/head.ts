import { elapsed } from '../core/words.ts';
import { placeOf, stepOf } from './page-order.ts';
import type { WizardState } from './wizard.ts';

/** Said wherever a practice server takes the place of the real one. */
export const banner = 'practice server, not SQL Server';

/** The two lines above the rule: name and banner, place and what is going on. */
export type Head = {
  readonly product: string;
  readonly banner: string;
  readonly place: string;
  readonly title: string;
  readonly note: string;
};

export function headOf(state: WizardState): Head {
  const place = placeOf(state.page, state.draft);
  const { number } = place;
  // A check ends with what was found: there is no progress and no result.
  const count = state.purpose === 'check' ? place.count - 2 : place.count;
  return {
    product: `storedb ${state.version}`,
    banner: isOnPractice(state) ? banner : '',
    place: `Step ${number} of ${count}`,
    title: titleOf(state),
    note: state.overlay === undefined ? noteOf(state) : '',
  };
}

function isOnPractice({ practice, planning }: WizardState): boolean {
  return practice !== undefined || (planning?.status === 'made' && planning.plan.isPracticeServer);
}

function titleOf(state: WizardState): string {
  const { overlay } = state;
  switch (overlay?.kind) {
    case 'help':
      return 'Help';
    case 'text':
      return overlay.title;
    case 'verification':
      return 'Verification';
    case 'initial-data':
      return 'Initial data';
    case 'jump':
      return 'Change an answer';
    case 'quit':
      return state.page === 'progress' ? 'Stop' : 'Leave';
    case undefined:
      return pageTitle(state);
  }
}

function pageTitle(state: WizardState): string {
  const exit = state.end?.exit;
  switch (state.page) {
    case 'review':
      return state.purpose === 'check' ? 'Verification' : 'Review';
    case 'progress':
      return 'Setting up';
    case 'result':
      if (exit === 'done' || exit === 'restartNeeded') return 'Done';
      return exit === 'cancelledDuring' || exit === 'cancelledBefore' ? 'Stopped' : 'Not done';
    default:
      return stepOf(state)?.title ?? '';
  }
}

function noteOf({ page, run, now, end }: WizardState): string {
  switch (page) {
    case 'review':
      return 'nothing changed yet';
    case 'progress':
      if (run === undefined) return '';
      return run.isStopping ? 'stopping safely' : `${elapsed(now - run.since)} so far`;
    case 'result':
      return end === undefined || run?.finished === undefined ? '' : elapsed(run.finished.elapsedMs);
    default:
      return '';
  }
}
