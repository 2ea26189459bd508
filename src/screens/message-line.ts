import { shortFingerprint } from '../core/sql/pins.ts';
import type { Field } from '../core/steps/index.ts';
import { focusedItem, isTyping } from './items.ts';
import { stepOf } from './page-order.ts';
import { scopeWords } from './pages/monitor-page.ts';
import { parkedWhy } from './pages/parked-page.ts';
import { chosenParked, monitorScreen } from './state/monitor.ts';
import type { Meaning } from './theme.ts';
import { mustWaitForIdentities } from './transitions/identifying.ts';
import { mustWaitForPractice } from './transitions/practice.ts';
import { certificateOf } from './trust.ts';
import type { WizardState } from './wizard.ts';

/** What stands below the page: news, or the help of what has the attention. */
export type Message = { readonly text: string; readonly meaning: Meaning };

export function messageOf(state: WizardState): Message {
  if (state.message !== undefined) return { text: state.message, meaning: 'focused' };
  if (state.overlay !== undefined) return plain('');
  if (state.practice?.status === 'failed' && stepOf(state) !== undefined) {
    const { message, hint } = state.practice.failure;
    return { text: `${message} ${hint}`, meaning: 'bad' };
  }
  if (mustWaitForIdentities(state))
    return plain('The store database is asked for its IDs; keys that you press now are kept.');
  if (mustWaitForPractice(state))
    return plain('The practice server is starting; keys that you press now are kept.');
  const certificate = certificateOf(state);
  if (certificate !== undefined && !isTyping(state)) {
    return {
      text: `Its SHA-256 begins ${shortFingerprint(certificate.fingerprint)}. Press T to trust it for this server.`,
      meaning: 'warning',
    };
  }
  return plain(helpOf(state));
}

function helpOf(state: WizardState): string {
  switch (state.page) {
    case 'review':
      if (state.planning?.status !== 'made') return '';
      return state.planning.plan.actions.length === 0
        ? 'Enter writes that into a log and ends.'
        : 'Nothing is changed until you press Enter.';
    case 'progress':
      return state.run?.isStopping === true
        ? 'Stopping at the next safe place. Ctrl+C again ends at once; the work can be continued all the same.'
        : 'If this window closes, run storedb again: it continues. There is no way back from here.';
    case 'monitor':
      return helpOfMonitor(state);
    case 'result':
      return '';
    default:
      return helpOfItem(state);
  }
}

function helpOfMonitor(state: WizardState): string {
  const { monitor } = state;
  const scope = monitor?.status?.scopes[monitor.choice];
  const row = chosenParked(state);
  switch (monitorScreen(state)) {
    case 'monitor':
      return scope === undefined ? '' : scopeWords(scope);
    case 'parked':
      return row === undefined ? '' : parkedWhy(row);
    case 'parked-row':
      return 'T: the next run tries it again. A: the parked version is given up.';
    case 'accept':
      return 'This cannot be taken back.';
  }
}

function helpOfItem(state: WizardState): string {
  const item = focusedItem(state);
  if (item === undefined) return '';
  if (item.kind === 'test') return 'Tries the connection step by step and changes nothing.';
  if (item.kind === 'suggestion')
    return item.field.kind === 'server'
      ? 'A SQL Server of this computer. Enter takes it.'
      : 'The store database knows it. Enter takes it.';
  const { field } = item;
  const chosen = field.options.find((option) => option.value === state.draft[field.key]);
  if (chosen !== undefined && field.key !== 'task') return `${chosen.label}: ${chosen.note}.`;
  // The file's words about references are not for somebody who types the password.
  if (field.kind === 'secret') {
    const kept = 'The password is used for this run and kept nowhere.';
    return isUntouched(state, field) ? `Typing begins a new one. ${kept}` : kept;
  }
  return field.help;
}

function plain(text: string): Message {
  return { text, meaning: 'plain' };
}

/** A password that is known, and that nobody has begun to edit. */
function isUntouched({ draft, cursors }: WizardState, { key }: Field): boolean {
  return draft[key] !== undefined && cursors[key] === undefined;
}
