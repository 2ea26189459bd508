import { steps } from '../../core/steps/index.ts';
import { stepName } from '../page-order.ts';
import { type Body, blank, textRows } from '../rows.ts';
import type { Overlay } from '../state/overlay.ts';
import { widthOf } from '../text-width.ts';
import { jumpTargets } from '../transitions/overlays.ts';
import type { WizardState } from '../wizard.ts';

/** The steps, to go back to the one whose answer is to be changed. */
export function jumpBody(state: WizardState, { choice }: Extract<Overlay, { kind: 'jump' }>): Body {
  const targets = jumpTargets(state).flatMap((page) => steps.filter((step) => step.id === page));
  const labelWidth = Math.max(...targets.map((step) => widthOf(stepName(step)))) + 2;
  return {
    rows: [
      ...textRows('Which answer do you want to change?', 60, { indent: 2 }),
      blank,
      ...targets.map((step, index) => ({
        kind: 'option' as const,
        label: stepName(step),
        labelWidth,
        note: step.summary(state.draft),
        isChosen: index === choice,
        isFocused: index === choice,
      })),
    ],
    follow: choice + 2,
  };
}
