/** How long the engine may work before the event loop has a turn, in which attentions and other sessions are seen. */

import { setImmediate as turn } from 'node:timers/promises';

const SLICE_MILLISECONDS = 10;

let lastTurn = 0;

/**
 * Read by loops over rows, which then pause. Work that cannot pause itself (a subquery within an expression, the body
 * of a function) sets it through `noteEffort`; everything else counts its rows.
 */
export const pace = { isOverdue: false };

/** Milliseconds since the event loop last had a turn. */
export const sinceTurn = (): number => performance.now() - lastTurn;

export const isTurnDue = (): boolean => sinceTurn() >= SLICE_MILLISECONDS;

/** The event loop has just had a turn: a request came in. */
export const noteTurn = (): void => {
  lastTurn = performance.now();
  pace.isOverdue = false;
};

/** Called after work that could not pause. */
export const noteEffort = (): void => {
  if (isTurnDue()) pace.isOverdue = true;
};

export const giveTurn = async (): Promise<void> => {
  await turn();
  noteTurn();
};
