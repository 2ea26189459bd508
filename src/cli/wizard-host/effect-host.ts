import type { Draft } from '../../core/steps/index.ts';
import type { Action } from '../../screens/index.ts';
import type { WizardAnswers } from '../wizard-answers.ts';

/** Carries out the effects of one page. What it throws or rejects with is shown to the technician. */
export type EffectHost<PageEffect> = {
  /** Begins the effect; it reports with actions. */
  readonly carryOut: (effect: PageEffect) => void | Promise<void>;
  /** Ends what is still at work. */
  readonly end: () => void | Promise<void>;
};

/** What the hosts of all pages work with. */
export type HostPorts = {
  readonly dispatch: (action: Action) => void;
  /** The answers of a complete draft, as connections are made from them. */
  readonly answersOf: (draft: Draft) => WizardAnswers;
};
