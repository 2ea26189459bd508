import { pressAll, pressKey } from './pressing.ts';
import { beginWaiting, takeArrival } from './transitions/arriving.ts';
import { withDefaults, withServers } from './transitions/defaults.ts';
import { takeIdentities, takeIdentitiesFailure } from './transitions/identifying.ts';
import { leave, open } from './transitions/overlays.ts';
import { takePlan, takePlanFailure } from './transitions/planning.ts';
import { takePractice } from './transitions/practice.ts';
import { endProbe, takeProbeEvent, takeUpAfterTrust } from './transitions/probing.ts';
import { endRun, stopSafely, takeRunEvent } from './transitions/running.ts';
import { andThen, asking, settled, type Transition } from './transitions/transition.ts';
import { takeVerifyEvent, takeVerifyFailure } from './transitions/verifying.ts';
import { beginWatch, takeSyncNews } from './transitions/watching.ts';
import type { Action, WizardState } from './wizard.ts';

/** The wizard after something has happened, and what its host has to do. `now` is the host's clock in milliseconds. */
export function reduceWizard(before: WizardState, action: Action, now: number): Transition {
  if (before.isOver) return settled(before);
  const state = { ...before, now };
  switch (action.kind) {
    case 'open':
      return begin(state);
    case 'press-key':
      return pressKey(state, action.key);
    case 'resize':
      return settled({ ...state, size: action.size });
    case 'tick':
      return settled(state);
    case 'show-message':
      return settled({ ...state, message: action.message });
    case 'stop':
      return state.page === 'progress' ? stopSafely(state) : leave(state);
    case 'saved-found':
      return settled({ ...state, saved: action.saved });
    case 'last-answers-found':
      return settled(withDefaults(state, action.values));
    case 'servers-found':
      return settled(withServers(state, action.servers));
    case 'practice-ready':
      return andThen(takePractice(state, action), (ready) => pressAll(ready, state.heldKeys));
    case 'practice-failed':
      return settled({ ...state, practice: { status: 'failed', failure: action.failure }, heldKeys: [] });
    case 'probe-event':
      return takeProbeEvent(state, action);
    case 'probe-ended':
      return endProbe(state, action);
    case 'certificate-kept':
      return takeUpAfterTrust(state);
    case 'identities-found':
      return pressFreed(state, takeIdentities(state, action));
    case 'identities-unknown':
      return pressFreed(state, takeIdentitiesFailure(state, action));
    case 'profile-read':
      return open(state, { kind: 'text', title: 'Offline profile', lines: action.lines, scroll: 0 });
    case 'plan-made':
      return takePlan(state, action);
    case 'plan-failed':
      return andThen(takePlanFailure(state, action), (failed) =>
        failed !== state && action.failure.needsData === true && failed.planning?.status === 'failed'
          ? beginWaiting(failed)
          : settled(failed),
      );
    case 'answers-written':
      return settled({ ...state, message: `Written: ${action.path}` });
    case 'run-event':
      return takeRunEvent(state, action.event);
    case 'run-ended':
      return endRun(state, action);
    case 'log-read':
      return open(state, { kind: 'text', title: 'Log', lines: action.lines, scroll: 0 });
    case 'verify-event':
      return takeVerifyEvent(state, action);
    case 'verify-failed':
      return takeVerifyFailure(state, action);
    case 'initial-data-read':
    case 'initial-data-unread':
    case 'packs-found':
    case 'pack-progress':
    case 'pack-loaded':
      return takeArrival(state, action);
    case 'status-read':
    case 'status-unknown':
    case 'parked-listed':
    case 'parked-shown':
    case 'parked-settled':
      return takeSyncNews(state, action);
  }
}

function begin(state: WizardState): Transition {
  if (state.purpose === 'watch') return beginWatch(state);
  return asking(state, state.practice === undefined ? { kind: 'find-servers' } : { kind: 'start-practice' });
}

/** Presses the keys that were held and are free now; an answer that nobody waits for any more frees none. */
function pressFreed(before: WizardState, answered: Transition): Transition {
  return andThen(answered, (after) => pressAll(after, after.heldKeys.length === 0 ? before.heldKeys : []));
}
