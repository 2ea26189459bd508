import type { Effect, WizardState } from '../wizard.ts';

/** The wizard after something has happened, and what its host has to do. */
export type Transition = { readonly state: WizardState; readonly effects: readonly Effect[] };

/** A state that asks for nothing. */
export function settled(state: WizardState): Transition {
  return { state, effects: [] };
}

/** A state with what the host has to do. */
export function asking(state: WizardState, ...effects: readonly Effect[]): Transition {
  return { state, effects };
}

/** One transition after the other; their effects in that order. */
export function andThen(first: Transition, next: (state: WizardState) => Transition): Transition {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
