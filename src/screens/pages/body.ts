import type { Body } from '../rows.ts';
import { monitorScreen } from '../state/monitor.ts';
import type { WizardState } from '../wizard.ts';
import { helpBody } from './help-page.ts';
import { initialDataBody } from './initial-data-page.ts';
import { jumpBody } from './jump-page.ts';
import { monitorBody } from './monitor-page.ts';
import { acceptBody, parkedBody, parkedRowBody } from './parked-page.ts';
import { progressBody } from './progress-page.ts';
import { quitBody } from './quit-page.ts';
import { resultBody } from './result-page.ts';
import { reviewBody } from './review-page.ts';
import { stepBody } from './step-page.ts';
import { textBody } from './text-page.ts';
import { verificationBody } from './verification-page.ts';

/** What stands between the rules now. */
export function bodyOf(state: WizardState): Body {
  switch (state.overlay?.kind) {
    case 'help':
      return helpBody(state, state.overlay);
    case 'text':
      return textBody(state, state.overlay);
    case 'verification':
      return verificationBody(state, state.overlay);
    case 'initial-data':
      return initialDataBody(state, state.overlay);
    case 'jump':
      return jumpBody(state, state.overlay);
    case 'quit':
      return quitBody(state, state.overlay);
    case undefined:
      return pageBody(state);
  }
}

function pageBody(state: WizardState): Body {
  switch (state.page) {
    case 'review':
      return reviewBody(state);
    case 'progress':
      return progressBody(state);
    case 'result':
      return resultBody(state);
    case 'monitor':
      return monitorScreenBody(state);
    default:
      return stepBody(state);
  }
}

function monitorScreenBody(state: WizardState): Body {
  switch (monitorScreen(state)) {
    case 'monitor':
      return monitorBody(state);
    case 'parked':
      return parkedBody(state);
    case 'parked-row':
      return parkedRowBody(state);
    case 'accept':
      return acceptBody(state);
  }
}
