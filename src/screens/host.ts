import { reduceWizard } from './reduce.ts';
import type { Action, Effect, WizardState } from './wizard.ts';
import type { WizardSource } from './wizard-app.tsx';

/** The wizard while it runs: keys and reports go in, states come out to be drawn, effects to be carried out. */
export type Wizard = WizardSource & { readonly dispatch: (action: Action) => void };

/**
 * Joins the reducer with a host. Effects are handed over after the new state stands; an action that an effect
 * dispatches at once is taken up after the ones before it.
 */
export function connectWizard(
  initial: WizardState,
  host: { readonly carryOut: (effect: Effect) => void; readonly now: () => number },
): Wizard {
  let state = initial;
  let isBusy = false;
  const listeners = new Set<() => void>();
  const waiting: Action[] = [];
  const take = (action: Action) => {
    const next = reduceWizard(state, action, host.now());
    state = next.state;
    for (const listener of listeners) listener();
    for (const effect of next.effects) host.carryOut(effect);
  };
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch: (action) => {
      waiting.push(action);
      if (isBusy) return;
      isBusy = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) take(next);
      } finally {
        isBusy = false;
      }
    },
  };
}
