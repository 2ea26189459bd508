import type { Command } from './keys/binding.ts';
import { beginWaiting, goOnWithData, leaveWaiting, loadChosenPack } from './transitions/arriving.ts';
import { choose } from './transitions/editing.ts';
import { continueSaved, goBack, goOn, moveFocus, setUpRegister } from './transitions/moving.ts';
import { askToQuit, chooseInOverlay, close, leave, open, takeChoice } from './transitions/overlays.ts';
import { askToAccept, openParked, retryParked, showParked, takeAcceptChoice } from './transitions/parked.ts';
import { beginPlan } from './transitions/planning.ts';
import { beginProbe, trustCertificate } from './transitions/probing.ts';
import { startRun } from './transitions/running.ts';
import { scrollBy } from './transitions/scrolling.ts';
import { andThen, asking, settled, type Transition } from './transitions/transition.ts';
import { beginVerification, leaveVerification } from './transitions/verifying.ts';
import { beginWatch, chooseInMonitor, leaveMonitorScreen } from './transitions/watching.ts';
import type { WizardState } from './wizard.ts';

/** What each command does; the keys of the screens lead here. */
export function carryOut(state: WizardState, command: Command): Transition {
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
    case 'read-profile':
      return asking(state, { kind: 'read-profile', draft: state.draft });
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
    case 'set-up-register':
      return setUpRegister(state);
    case 'finish':
      return leave(state);
    case 'verify':
      return beginVerification(state);
    case 'wait-for-data':
      return beginWaiting(state);
    case 'load-pack':
      return loadChosenPack(state);
    case 'go-on-with-data':
      return goOnWithData(state);
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
    case 'scroll-up':
      return scrollBy(state, 'line', -1);
    case 'scroll-down':
      return scrollBy(state, 'line', 1);
    case 'page-up':
      return scrollBy(state, 'page', -1);
    case 'page-down':
      return scrollBy(state, 'page', 1);
    case 'close':
      return closeOverlay(state);
    case 'take-choice':
      return state.overlay === undefined ? takeAcceptChoice(state) : takeChoice(state);
    case 'open-help':
      return open(state, { kind: 'help', scroll: 0 });
    case 'redraw':
      return asking(state, { kind: 'redraw' });
    case 'ask-to-quit':
      return askToQuit(state);
  }
}

function chooseBeside(state: WizardState, by: 1 | -1): Transition {
  if (state.overlay !== undefined) return chooseInOverlay(state, by);
  return state.page === 'monitor' ? chooseInMonitor(state, by) : choose(state, by);
}

function closeOverlay(state: WizardState): Transition {
  if (state.overlay?.kind === 'initial-data') return leaveWaiting(state);
  if (state.overlay?.kind !== 'verification') return close(state);
  // A check by itself has no review to go back to.
  return andThen(leaveVerification(state), (left) =>
    left.purpose === 'check' && left.page === 'review' ? goBack(left) : settled(left),
  );
}
