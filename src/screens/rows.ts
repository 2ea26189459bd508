import { printable, widthOf, wrapped } from './text-width.ts';
import type { Meaning } from './theme.ts';

/** One line of a page as data; a widget draws each kind. Pages are lists of these, so that their height is known. */
export type Row = { readonly isFocused?: boolean } & (
  | { readonly kind: 'blank' }
  | { readonly kind: 'text'; readonly text: string; readonly meaning: Meaning; readonly indent: number }
  /** A label, a value, and a note at the right edge. */
  | {
      readonly kind: 'pair';
      readonly label: string;
      readonly labelWidth: number;
      readonly value: string;
      readonly note: string;
      readonly meaning: Meaning;
    }
  | {
      readonly kind: 'text-field';
      readonly label: string;
      readonly labelWidth: number;
      /** What is drawn; a password is masked before it comes here. */
      readonly value: string;
      readonly cursor: number;
      readonly note: string;
    }
  /** Part of the options of a choice; the first part carries the label. */
  | {
      readonly kind: 'choice';
      readonly label: string;
      readonly labelWidth: number;
      readonly options: readonly { readonly label: string; readonly isChosen: boolean }[];
    }
  | {
      readonly kind: 'switch';
      readonly label: string;
      readonly labelWidth: number;
      readonly isOn: boolean;
    }
  | {
      readonly kind: 'option';
      readonly label: string;
      readonly labelWidth: number;
      readonly note: string;
      readonly isChosen: boolean;
    }
  | { readonly kind: 'button'; readonly label: string }
  /** A line of a list that one can go through. */
  | { readonly kind: 'entry'; readonly text: string; readonly meaning: Meaning }
  | { readonly kind: 'suggestion'; readonly text: string; readonly indent: number }
  /** A status word (undefined = no column for it), a number, a text, and a note at the right edge. */
  | {
      readonly kind: 'status';
      readonly status: string | undefined;
      readonly meaning: Meaning;
      readonly number: string;
      readonly text: string;
      readonly note: string;
      readonly bar?: { readonly done: number; readonly total: number; readonly unit: string };
    }
);

export const blank: Row = { kind: 'blank' };

/** A text of as many rows as it needs. */
export function textRows(
  text: string,
  width: number,
  { meaning = 'plain', indent = 0 }: { readonly meaning?: Meaning; readonly indent?: number } = {},
): readonly Row[] {
  const lines = text.split('\n').map(printable).join('\n');
  return wrapped(lines, width - indent).map((line) => ({ kind: 'text', text: line, meaning, indent }));
}

/** Labels and values in two columns. */
export function pairRows(
  list: readonly { readonly label: string; readonly value: string }[],
): readonly Row[] {
  const labelWidth = Math.max(0, ...list.map(({ label }) => widthOf(label))) + 2;
  return list.map(({ label, value }) => ({
    kind: 'pair',
    label,
    labelWidth,
    value,
    note: '',
    meaning: 'plain',
  }));
}

/** The rows of a page, and which of them has to be in sight. */
export type Body = {
  readonly rows: readonly Row[];
  /** Where the technician has scrolled to; the page follows what has the attention when it is not said. */
  readonly scroll?: number | undefined;
  /** The last of the rows that must be in sight. */
  readonly follow?: number | undefined;
};

export type Window = {
  readonly rows: readonly Row[];
  /** Rows out of sight. */
  readonly above: number;
  readonly below: number;
};

/** The part of a page that is in sight at this height. */
export function windowOf({ rows, scroll, follow }: Body, height: number): Window {
  const last = Math.max(0, rows.length - height);
  const wanted = scroll ?? (follow === undefined ? 0 : follow - height + 1);
  const above = Math.min(Math.max(0, wanted), last);
  return {
    rows: rows.slice(above, above + height),
    above,
    below: Math.max(0, rows.length - above - height),
  };
}
