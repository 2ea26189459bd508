/** The face of the screens: hosts import from here only. */
export type { GlyphSet } from './glyphs.ts';
export { banner } from './head.ts';
export { connectWizard, type Wizard } from './host.ts';
export { initialMonitor, initialWizard, type WizardOptions } from './initial.ts';
export { pagesOf, placeOf, stepName } from './page-order.ts';
export { initialDataWords, missingOf } from './pages/initial-data-words.ts';
export { savedOffer } from './pages/saved-rows.ts';
export { scopeHeading, scopeLine } from './pages/scope-table.ts';
export type { Failure } from './state/failure.ts';
export type { ArrivingJob, FoundPack, InitialDataEffect } from './state/initial-data.ts';
export type { MonitorEffect } from './state/monitor.ts';
export type { ProgressEffect } from './state/progress.ts';
export type { ResultEffect, RunEnd } from './state/result.ts';
export type { ReviewEffect } from './state/review.ts';
export type { Identities, SavedAnswers, StepEffect } from './state/step.ts';
export type { VerificationEffect } from './state/verification.ts';
export {
  flushKeys,
  type KeyPress,
  nothingPending,
  type PendingKeys,
  parseKeys,
  waitingFor,
} from './terminal/key-parser.ts';
export { widthOf, wrapped } from './text-width.ts';
export { practiceSignIn } from './transitions/practice.ts';
export { problemsOfPage } from './transitions/problems.ts';
export { certificateIn } from './trust.ts';
export type { Action, Effect, TerminalSize, WizardState } from './wizard.ts';
export { WizardApp } from './wizard-app.tsx';
