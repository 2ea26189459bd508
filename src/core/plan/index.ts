/** The face of detect, plan, apply. Front ends import from here only. */
export { type ApplyInput, runApply } from './apply.ts';
export { batchesOf } from './batches-of.ts';
export { cancelled } from './cancelled.ts';
export { type Clock, systemClock } from './clock.ts';
export type { DetectedSide } from './detected.ts';
export type { RunEvent } from './events.ts';
export { makePlan } from './make-plan.ts';
export type { Action, Batch, DatabaseTarget, Finding, Plan, Risk } from './plan.ts';
export type { Operator, SetupInput } from './setup.ts';
