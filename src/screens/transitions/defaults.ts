import { startingDraft } from '../../core/answers/draft.ts';
import type { Draft } from '../../core/steps/index.ts';
import type { WizardState } from '../wizard.ts';

/**
 * The answers of the last finished run stand in the fields that nobody has touched yet: they are read behind the first
 * frame, and a quick technician is pages further by then.
 */
export function withDefaults(state: WizardState, values: Draft): WizardState {
  const untouched = startingDraft();
  const defaults = Object.entries(values).filter(
    ([key]) => key !== 'task' && state.draft[key] === untouched[key],
  );
  return { ...state, draft: { ...state.draft, ...Object.fromEntries(defaults) } };
}

/** One server of this computer is a likely answer; the technician sees it and can type another. */
export function withServers(state: WizardState, servers: readonly string[]): WizardState {
  const [first] = servers;
  if (first === undefined) return state;
  const key = 'storeDatabase.server';
  const isBlank = (state.draft[key] ?? '') === '';
  if (!isBlank) return { ...state, servers };
  const problems = state.problems.filter((problem) => problem.key !== key);
  return { ...state, servers, problems, draft: { ...state.draft, [key]: first } };
}
