import { bodyHeight } from '../layout.ts';
import { bodyOf } from '../pages/body.ts';
import { windowOf } from '../rows.ts';
import type { WizardState } from '../wizard.ts';
import { settled, type Transition } from './transition.ts';

/** Scrolls what is on the screen by lines or by whole screens, and not beyond its ends. */
export function scrollBy(state: WizardState, unit: 'line' | 'page', direction: 1 | -1): Transition {
  const height = bodyHeight(state.size);
  const { above } = windowOf(bodyOf(state), height);
  const wanted = above + direction * (unit === 'line' ? 1 : Math.max(1, height - 1));
  const scrolled = withScroll(state, Math.max(0, wanted));
  return settled(withScroll(scrolled, windowOf(bodyOf(scrolled), height).above));
}

function withScroll(state: WizardState, scroll: number): WizardState {
  const { overlay } = state;
  return overlay !== undefined && 'scroll' in overlay
    ? { ...state, overlay: { ...overlay, scroll } }
    : { ...state, scroll };
}
