import { clockTime, elapsed } from '../core/words.ts';
import { placeOf, stepOf } from './page-order.ts';
import { initialDataWords } from './pages/initial-data-words.ts';
import { chosenParked, monitorScreen } from './state/monitor.ts';
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
  return {
    product: `storedb ${state.version}`,
    banner: isOnPractice(state) ? banner : '',
    place: placeWords(state),
    title: titleOf(state),
    note: state.overlay === undefined ? noteOf(state) : '',
  };
}

/** Where we are among the pages; nothing beside them. */
function placeWords({ page, draft, purpose }: WizardState): string {
  if (page === 'monitor') return '';
  const { number, count } = placeOf(page, draft);
  // A check ends with what was found: there is no progress and no result.
  return `Step ${number} of ${purpose === 'check' ? count - 2 : count}`;
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
      return initialDataWords.title;
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
    case 'monitor':
      return monitorTitle(state);
    case 'result':
      if (exit === 'done' || exit === 'restartNeeded') return 'Done';
      return exit === 'cancelledDuring' || exit === 'cancelledBefore' ? 'Stopped' : 'Not done';
    default:
      return stepOf(state)?.title ?? '';
  }
}

function monitorTitle(state: WizardState): string {
  const register = state.monitor?.status?.register?.registerId;
  switch (monitorScreen(state)) {
    case 'monitor':
      return register === undefined ? 'Synchronisation' : `Synchronisation  ${register}`;
    case 'parked':
      return 'Parked rows';
    case 'parked-row':
      return `Parked row ${chosenParked(state)?.id ?? ''}`;
    case 'accept':
      return 'Give the parked version up';
  }
}

function noteOf({ page, run, now, end, monitor }: WizardState): string {
  switch (page) {
    case 'review':
      return 'nothing changed yet';
    case 'progress':
      if (run === undefined) return '';
      return run.isStopping ? 'stopping safely' : `${elapsed(now - run.since)} so far`;
    case 'monitor':
      return monitor?.status === undefined || monitor.parked !== undefined
        ? ''
        : `refreshed every 2 s  ${clockTime(monitor.status.atUtc)}`;
    case 'result':
      return end === undefined || run?.finished === undefined ? '' : elapsed(run.finished.elapsedMs);
    default:
      return '';
  }
}
