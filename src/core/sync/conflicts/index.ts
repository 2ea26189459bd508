export type { ConflictSides, ConflictSummary } from './conflict.ts';
export { listConflicts } from './list.ts';
export { acceptConflicts, retryConflicts } from './settle.ts';
export { type ConflictColumn, type ConflictDetail, showConflict } from './show.ts';
