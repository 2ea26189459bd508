import type { InitialDataAction } from '../state/initial-data.ts';
import type { WizardState } from '../wizard.ts';
import { open } from './overlays.ts';
import { beginPlan } from './planning.ts';
import { andThen, asking, settled, type Transition } from './transition.ts';

/** Shows over the page what the store database still lacks, and watches it come. */
export function beginWaiting(state: WizardState): Transition {
  const id = state.serial;
  const arriving = { id, since: state.now, jobs: undefined, isComplete: false, packs: [] };
  const begun = asking(
    { ...state, serial: id + 1, arriving },
    { kind: 'watch-initial-data', id, draft: state.draft },
  );
  return andThen(begun, (waiting) => open(waiting, { kind: 'initial-data', scroll: 0, choice: 0 }));
}

/** News of an earlier wait carry another number and are dropped. */
export function takeArrival(state: WizardState, news: InitialDataAction): Transition {
  const { arriving } = state;
  if (arriving?.id !== news.id) return settled(state);
  const keep = (change: Partial<typeof arriving>) =>
    settled({ ...state, arriving: { ...arriving, ...change } });
  switch (news.kind) {
    case 'initial-data-read':
      return keep({ jobs: news.jobs, isComplete: news.isComplete, trouble: undefined });
    case 'initial-data-unread':
      return keep({ trouble: news.failure });
    case 'packs-found':
      return keep({ packs: news.packs });
    case 'pack-progress':
      return keep({ loading: { words: news.words } });
    case 'pack-loaded':
      return keep({ loading: undefined, failure: news.failure });
  }
}

/** Loads the pack that is chosen. */
export function loadChosenPack(state: WizardState): Transition {
  const { arriving, overlay } = state;
  const pack = overlay?.kind === 'initial-data' ? arriving?.packs[overlay.choice] : undefined;
  if (arriving === undefined || pack === undefined) return settled(state);
  return asking(
    {
      ...state,
      hasWritten: true,
      arriving: { ...arriving, failure: undefined, loading: { words: 'reading the pack' } },
    },
    { kind: 'load-pack', id: arriving.id, path: pack.path, draft: state.draft },
  );
}

/** Leaves the wait; what head office sends comes all the same, and a load that is at work ends safely. */
export function leaveWaiting(state: WizardState): Transition {
  return asking({ ...state, overlay: undefined, arriving: undefined }, { kind: 'stop-watching' });
}

/** The data is there: on to the plan. */
export function goOnWithData(state: WizardState): Transition {
  const left = leaveWaiting(state);
  const planned = beginPlan(left.state);
  return { state: planned.state, effects: [...left.effects, ...planned.effects] };
}
