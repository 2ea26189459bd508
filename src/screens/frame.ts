import { glyphSets } from './glyphs.ts';
import { type Head, headOf } from './head.ts';
import { type KeyHint, keyHints } from './key-line.ts';
import { bodyHeight, contentWidth, headHeight, margin, messageHeight } from './layout.ts';
import { type Message, messageOf } from './message-line.ts';
import { bodyOf } from './pages/body.ts';
import { type Window, windowOf } from './rows.ts';
import { cut, wrapped } from './text-width.ts';
import { cursorColumn } from './widgets/field-view.ts';
import type { WizardState } from './wizard.ts';

/** A whole screen as data: what is drawn, and where the cursor stands. */
export type Frame = {
  readonly head: Head;
  readonly body: Window;
  readonly message: { readonly lines: readonly string[]; readonly meaning: Message['meaning'] };
  readonly keys: readonly KeyHint[];
  /** Undefined where nothing is typed. Columns and rows from 0. */
  readonly cursor: { readonly x: number; readonly y: number } | undefined;
};

/** The screen of a state. */
export function frameOf(state: WizardState): Frame {
  const width = contentWidth(state.size);
  const body = windowOf(bodyOf(state), bodyHeight(state.size));
  const { text, meaning } = messageOf(state);
  return {
    head: headOf(state),
    body,
    message: { lines: messageLines(text, width, state), meaning },
    keys: keyHints(state, width),
    cursor: cursorOf(body, width, state),
  };
}

function messageLines(text: string, width: number, state: WizardState): readonly string[] {
  const height = messageHeight(state.size);
  const lines = wrapped(text, width);
  if (lines.length <= height) return lines;
  const { cut: mark } = glyphSets[state.glyphs];
  return [...lines.slice(0, height - 1), cut(lines.slice(height - 1).join(' '), width, mark)];
}

function cursorOf(body: Window, width: number, state: WizardState): Frame['cursor'] {
  const at = body.rows.findIndex((row) => row.isFocused === true);
  const row = body.rows[at];
  if (row?.kind !== 'text-field') return undefined;
  return { x: margin + cursorColumn(row, width, glyphSets[state.glyphs]), y: headHeight + at };
}
