import type { ExitName } from '../../core/errors.ts';
import { pagesOf } from '../page-order.ts';
import type { Overlay } from '../state/overlay.ts';
import type { Page, WizardState } from '../wizard.ts';
import { enterPage } from './moving.ts';
import { leavePlan } from './planning.ts';
import { stopSafely } from './running.ts';
import { andThen, asking, settled, type Transition } from './transition.ts';

/** The pages that an answer can be changed on, for the list behind E. */
export function jumpTargets(state: WizardState): readonly Page[] {
  return pagesOf(state.draft).filter((page) => !['review', 'progress', 'result'].includes(page));
}

/** The answers to the question of Ctrl+C; staying comes first, so that Enter alone ends nothing. */
export const quitChoices = ['stay', 'leave'] as const;

/** Lays it over the page; the question of Ctrl+C stays on top until it has been answered. */
export function open(state: WizardState, overlay: Overlay): Transition {
  const top = state.overlay?.kind === 'quit' ? { ...state.overlay, over: overlay } : overlay;
  return settled({ ...state, overlay: top, message: undefined });
}

/** Back to the page, or to what the question of Ctrl+C lay over. */
export function close(state: WizardState): Transition {
  const { overlay } = state;
  return settled({ ...state, overlay: overlay?.kind === 'quit' ? overlay.over : undefined });
}

/**
 * Ctrl+C: asks once, and the second time it is an answer. While the work runs it is asked to stop safely; when it is
 * stopping already, Ctrl+C ends the process at once. On the last page and beside it there is nothing left to ask.
 */
export function askToQuit(state: WizardState): Transition {
  if (state.page === 'result' || state.page === 'monitor') return leave(state);
  if (state.run?.isStopping === true) return asking(state, { kind: 'end-now' });
  return state.overlay?.kind === 'quit'
    ? quit(state)
    : open(state, { kind: 'quit', choice: 0, over: state.overlay });
}

/** Another line of the list or dialog; round at the ends. */
export function chooseInOverlay(state: WizardState, by: 1 | -1): Transition {
  const { overlay } = state;
  if (overlay?.kind !== 'jump' && overlay?.kind !== 'quit' && overlay?.kind !== 'initial-data')
    return settled(state);
  const count = choicesIn(overlay.kind, state);
  return settled({ ...state, overlay: { ...overlay, choice: (overlay.choice + by + count) % count } });
}

function choicesIn(kind: 'jump' | 'quit' | 'initial-data', state: WizardState): number {
  if (kind === 'quit') return quitChoices.length;
  return kind === 'jump' ? jumpTargets(state).length : Math.max(1, state.arriving?.packs.length ?? 0);
}

export function takeChoice(state: WizardState): Transition {
  const { overlay } = state;
  if (overlay?.kind === 'quit') return quitChoices[overlay.choice] === 'leave' ? quit(state) : close(state);
  if (overlay?.kind !== 'jump') return settled(state);
  const target = jumpTargets(state)[overlay.choice];
  return target === undefined ? close(state) : andThen(leavePlan(state), (left) => enterPage(left, target));
}

/** Ends the wizard with what has happened. */
export function leave(state: WizardState): Transition {
  if (state.isOver) return settled(state);
  return asking({ ...state, isOver: true }, { kind: 'exit', exit: exitOf(state) });
}

/** Of the run; where nothing was run, of what was looked at to the end. */
function exitOf({ end, purpose, verification, hasWritten }: WizardState): ExitName {
  if (purpose === 'watch') return 'done';
  const checked = purpose === 'check' ? verification?.verdict?.exit : undefined;
  return end?.exit ?? checked ?? (hasWritten ? 'cancelledDuring' : 'cancelledBefore');
}

function quit(state: WizardState): Transition {
  const closed = { ...state, overlay: undefined };
  return state.page === 'progress' ? stopSafely(closed) : leave(closed);
}
