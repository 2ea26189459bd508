import type { WizardState } from '../wizard.ts';

/** What a key makes the wizard do. */
export type Command =
  | 'go-on'
  | 'go-back'
  | 'choose-next'
  | 'choose-previous'
  | 'focus-next'
  | 'focus-previous'
  | 'test-connection'
  | 'trust-certificate'
  | 'continue-saved'
  | 'start-run'
  | 'try-again'
  | 'show-sql'
  | 'change-answer'
  | 'write-answers'
  | 'read-log'
  | 'check-existing'
  | 'read-profile'
  | 'verify'
  | 'wait-for-data'
  | 'load-pack'
  | 'go-on-with-data'
  | 'set-up-register'
  | 'finish'
  | 'watch'
  | 'open-parked'
  | 'show-parked'
  | 'retry-parked'
  | 'ask-to-accept'
  | 'leave-screen'
  | 'scroll-up'
  | 'scroll-down'
  | 'page-up'
  | 'page-down'
  | 'close'
  | 'take-choice'
  | 'open-help'
  | 'redraw'
  | 'ask-to-quit';

/** Keys of a screen that do the same. The matcher, the key line and the help page all read them. */
export type Binding = {
  readonly command: Command;
  /** As `keyId` writes them. */
  readonly keys: readonly string[];
  /** As it stands on the key: "Esc". */
  readonly label: string;
  readonly words: string | ((state: WizardState) => string);
  /** More words, for the help page. */
  readonly help?: string;
  /** Whether it does anything now. */
  readonly isOpen?: (state: WizardState) => boolean;
  /** Only the help page tells of it. */
  readonly isQuiet?: boolean;
};
