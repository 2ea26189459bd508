import { isTyping } from './items.ts';
import { type Command, commandOf } from './keys.ts';
import { isTooSmall } from './layout.ts';
import type { KeyPress } from './terminal/key-parser.ts';
import {
  beginWaiting,
  goOnWithData,
  leaveWaiting,
  loadChosenPack,
  takeArrival,
} from './transitions/arriving.ts';
import { choose, editWithKey } from './transitions/editing.ts';
import { mustWaitForIdentities, takeIdentities, takeIdentitiesFailure } from './transitions/identifying.ts';
import { continueSaved, goBack, goOn, moveFocus, setUpRegister, withDefaults } from './transitions/moving.ts';
import { askToQuit, chooseInOverlay, close, leave, open, takeChoice } from './transitions/overlays.ts';
import { beginPlan, takePlan, takePlanFailure } from './transitions/planning.ts';
import { holdKey, mustWaitForPractice, takePractice } from './transitions/practice.ts';
import {
  beginProbe,
  endProbe,
  takeProbeEvent,
  takeUpAfterTrust,
  trustCertificate,
} from './transitions/probing.ts';
import { endRun, startRun, stopSafely, takeRunEvent } from './transitions/running.ts';
import { scrollBy } from './transitions/scrolling.ts';
import {
  beginVerification,
  leaveVerification,
  takeVerifyEvent,
  takeVerifyFailure,
} from './transitions/verifying.ts';
import {
  askToAccept,
  beginWatch,
  chooseInMonitor,
  leaveMonitorScreen,
  openParked,
  retryParked,
  showParked,
  takeAcceptChoice,
  takeParked,
  takeParkedRow,
  takeSettled,
  takeStatus,
  takeStatusFailure,
} from './transitions/watching.ts';
import {
  type Action,
  andThen,
  asking,
  type Effect,
  settled,
  type Transition,
  type WizardState,
} from './wizard.ts';

/** The wizard after something has happened, and what its host has to do. `now` is the host's clock in milliseconds. */
export function reduceWizard(before: WizardState, action: Action, now: number): Transition {
  if (before.isOver) return settled(before);
  const state = { ...before, now };
  switch (action.kind) {
    case 'open':
      return state.purpose === 'watch' ? beginWatch(state) : asking(state, ...openingEffects(state));
    case 'press-key':
      return pressKey(state, action.key);
    case 'resize':
      return settled({ ...state, size: action.size });
    case 'tick':
      return settled(state);
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
    case 'plan-made':
      return takePlan(state, action);
    case 'plan-failed':
      return andThen(takePlanFailure(state, action), (failed) =>
        failed !== state && action.failure.needsData === true && failed.planning?.status === 'failed'
          ? beginWaiting(failed)
          : settled(failed),
      );
    case 'run-event':
      return takeRunEvent(state, action.event);
    case 'run-ended':
      return endRun(state, action);
    case 'identities-found':
      return andThen(takeIdentities(state, action), (found) => pressAll(found, keysHeldFor(state, found)));
    case 'identities-unknown':
      return andThen(takeIdentitiesFailure(state, action), (left) =>
        pressAll(left, keysHeldFor(state, left)),
      );
    case 'profile-read':
      return open(state, { kind: 'text', title: 'Offline profile', lines: action.lines, scroll: 0 });
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
      return takeStatus(state, action);
    case 'status-unknown':
      return takeStatusFailure(state, action);
    case 'parked-listed':
      return takeParked(state, action);
    case 'parked-shown':
      return takeParkedRow(state, action);
    case 'parked-settled':
      return takeSettled(state, action);
    case 'answers-written':
      return settled({ ...state, message: `Written: ${action.path}` });
    case 'log-read':
      return open(state, { kind: 'text', title: 'Log', lines: action.lines, scroll: 0 });
    case 'show-message':
      return settled({ ...state, message: action.message });
    case 'stop':
      return state.page === 'progress' ? stopSafely(state) : leave(state);
  }
}

function openingEffects(state: WizardState): readonly Effect[] {
  return state.practice === undefined ? [{ kind: 'find-servers' }] : [{ kind: 'start-practice' }];
}

/** One server of this computer is a likely answer; the technician sees it and can type another. */
function withServers(state: WizardState, servers: readonly string[]): WizardState {
  const [first] = servers;
  if (first === undefined) return state;
  const key = 'storeDatabase.server';
  const isBlank = (state.draft[key] ?? '') === '';
  if (!isBlank) return { ...state, servers };
  const problems = state.problems.filter((problem) => problem.key !== key);
  return { ...state, servers, problems, draft: { ...state.draft, [key]: first } };
}

/** The keys that were held and are free now; an answer that nobody waits for any more frees none. */
function keysHeldFor(before: WizardState, after: WizardState): readonly KeyPress[] {
  return after.heldKeys.length === 0 ? before.heldKeys : [];
}

function pressAll(state: WizardState, keys: readonly KeyPress[]): Transition {
  return keys.reduce((done, key) => andThen(done, (next) => pressKey(next, key)), settled(state));
}

function pressKey(state: WizardState, key: KeyPress): Transition {
  const fresh = { ...state, message: undefined };
  const command = commandOf(fresh, key);
  if (command === 'ask-to-quit') return askToQuit(fresh);
  if (isTooSmall(state.size)) return settled(state);
  if (state.overlay === undefined && (mustWaitForPractice(state) || mustWaitForIdentities(state)))
    return holdKey(state, key);
  // In a text field letters and arrows belong to the text, except for what has no meaning there.
  const edited = state.overlay === undefined && isTyping(fresh) ? editWithKey(fresh, key) : undefined;
  if (edited !== undefined) return edited;
  return command === undefined ? settled(state) : carryOut(fresh, command);
}

function chooseBeside(state: WizardState, by: 1 | -1): Transition {
  if (state.overlay !== undefined) return chooseInOverlay(state, by);
  return state.page === 'monitor' ? chooseInMonitor(state, by) : choose(state, by);
}

function carryOut(state: WizardState, command: Command): Transition {
  switch (command) {
    case 'go-on':
      return goOn(state.page === 'task' ? { ...state, purpose: undefined } : state);
    case 'check-existing':
      return goOn({ ...state, purpose: 'check' });
    case 'go-back':
      return goBack(state);
    case 'choose-next':
      return chooseBeside(state, 1);
    case 'choose-previous':
      return chooseBeside(state, -1);
    case 'focus-next':
      return moveFocus(state, 'next');
    case 'focus-previous':
      return moveFocus(state, 'previous');
    case 'test-connection':
      return beginProbe(state);
    case 'trust-certificate':
      return trustCertificate(state);
    case 'continue-saved':
      return continueSaved(state);
    case 'start-run':
      return startRun(state);
    case 'try-again':
      return beginPlan({ ...state, page: 'review', run: undefined, end: undefined });
    case 'show-sql':
      return state.planning?.status === 'made'
        ? open(state, { kind: 'text', title: 'T-SQL', lines: state.planning.sql, scroll: 0 })
        : settled(state);
    case 'change-answer':
      return open(state, { kind: 'jump', choice: 0 });
    case 'write-answers':
      return asking(state, { kind: 'write-answers', draft: state.draft });
    case 'read-log':
      return asking(state, { kind: 'read-log' });
    case 'read-profile':
      return asking(state, { kind: 'read-profile', draft: state.draft });
    case 'verify':
      return beginVerification(state);
    case 'set-up-register':
      return setUpRegister(state);
    case 'wait-for-data':
      return beginWaiting(state);
    case 'load-pack':
      return loadChosenPack(state);
    case 'go-on-with-data':
      return goOnWithData(state);
    case 'finish':
      return leave(state);
    case 'scroll-up':
      return scrollBy(state, 'line', -1);
    case 'scroll-down':
      return scrollBy(state, 'line', 1);
    case 'page-up':
      return scrollBy(state, 'page', -1);
    case 'page-down':
      return scrollBy(state, 'page', 1);
    case 'close':
      if (state.overlay?.kind === 'initial-data') return leaveWaiting(state);
      if (state.overlay?.kind !== 'verification') return close(state);
      return andThen(leaveVerification(state), (left) =>
        left.purpose === 'check' && left.page === 'review' ? goBack(left) : settled(left),
      );
    case 'take-choice':
      return state.overlay === undefined ? takeAcceptChoice(state) : takeChoice(state);
    case 'watch':
      return beginWatch(state);
    case 'open-parked':
      return openParked(state);
    case 'show-parked':
      return showParked(state);
    case 'retry-parked':
      return retryParked(state);
    case 'ask-to-accept':
      return askToAccept(state);
    case 'leave-screen':
      return leaveMonitorScreen(state);
    case 'open-help':
      return open(state, { kind: 'help', scroll: 0 });
    case 'redraw':
      return asking(state, { kind: 'redraw' });
    case 'ask-to-quit':
      return askToQuit(state);
  }
}
