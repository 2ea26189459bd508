import type { TerminalSize } from './wizard.ts';

/** The smallest terminal that every page is drawn for. */
export const smallest: TerminalSize = { columns: 60, rows: 20 };

export function isTooSmall({ columns, rows }: TerminalSize): boolean {
  return columns < smallest.columns || rows < smallest.rows;
}

/** Columns of blank at the left and right of everything. */
export const margin = 1;

/** Columns before every label: the pointer and a blank. */
export const pointerWidth = 2;

/** Columns between two options of a choice. */
export const choiceGap = 2;

/** Longer lines than these are hard to read on a wide screen. */
const widest = 110;

/** Columns inside the margins. */
export function contentWidth({ columns }: TerminalSize): number {
  return Math.min(columns, widest) - 2 * margin;
}

/** Rows of the frame: never as many as the terminal has, or Windows consoles repaint everything at each key. */
export function frameHeight({ rows }: TerminalSize): number {
  return Math.max(1, rows - 1);
}

/** Lines for the help of the field; one where rows are scarce. */
export function messageHeight({ rows }: TerminalSize): number {
  return rows >= 24 ? 2 : 1;
}

/** Rows above the page's body: name and banner, title, rule. Its place counts from here. */
export const headHeight = 3;

/** Rows that the body of a page has: what is left by head, rule, message and keys. */
export function bodyHeight(size: TerminalSize): number {
  return frameHeight(size) - headHeight - 1 - messageHeight(size) - 1;
}
