export { openSync, type SyncLink } from './cycle/link.ts';
export { type CycleOptions, runCycle } from './cycle/run-cycle.ts';
export { type LoopOptions, runLoop } from './cycle/run-loop.ts';
export type { CycleOutcome, CycleResult, RowCounts, ScopeResult, SyncEvent } from './events.ts';
export { readSyncStatus } from './status/read-sync-status.ts';
export type {
  LastError,
  LastRun,
  RegisterStatus,
  ScopeStatus,
  SideStatus,
  StalledBound,
  SyncStatus,
} from './status/sync-status.ts';
export type { SyncInput } from './sync-input.ts';
