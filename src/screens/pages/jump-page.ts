import { steps } from '../../core/steps/index.ts';
import { stepName } from '../page-order.ts';
import type { Body } from '../rows.ts';
import type { Overlay } from '../state/overlay.ts';
import { jumpTargets } from '../transitions/overlays.ts';
import type { WizardState } from '../wizard.ts';
import { questionRows } from './question-rows.ts';

/** The steps, to go back to the one whose answer is to be changed. */
export function jumpBody(state: WizardState, { choice }: Extract<Overlay, { kind: 'jump' }>): Body {
  const targets = jumpTargets(state).flatMap((page) => steps.filter((step) => step.id === page));
  const choices = targets.map((step) => ({ label: stepName(step), note: step.summary(state.draft) }));
  return {
    rows: questionRows('Which answer do you want to change?', choices, choice, state.size),
    follow: choice + 2,
  };
}
