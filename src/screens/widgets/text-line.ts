import type { KeyPress } from '../terminal/key-parser.ts';
import { characters } from '../text-width.ts';

/** One line of text that is being edited; the cursor counts characters from the beginning. */
export type TextLine = { readonly text: string; readonly cursor: number };

/** The keys of a text field, for the matcher and the help page. */
export const editingKeys: readonly {
  readonly keys: readonly string[];
  readonly label: string;
  readonly words: string;
  readonly edit: (line: Parts) => Parts;
}[] = [
  { keys: ['left'], label: 'Left', words: 'one character back', edit: (line) => moved(line, -1) },
  { keys: ['right'], label: 'Right', words: 'one character on', edit: (line) => moved(line, 1) },
  { keys: ['home', 'ctrl+a'], label: 'Home', words: 'to the beginning', edit: (line) => at(line, 0) },
  { keys: ['end', 'ctrl+e'], label: 'End', words: 'to the end', edit: (line) => at(line, line.all.length) },
  {
    keys: ['ctrl+left', 'alt+left'],
    label: 'Ctrl+Left',
    words: 'one word back',
    edit: (line) => at(line, wordBefore(line)),
  },
  {
    keys: ['ctrl+right', 'alt+right'],
    label: 'Ctrl+Right',
    words: 'one word on',
    edit: (line) => at(line, wordAfter(line)),
  },
  {
    keys: ['backspace'],
    label: 'Backspace',
    words: 'delete before the cursor',
    edit: (line) => without(line, line.cursor - 1, line.cursor),
  },
  {
    keys: ['delete', 'ctrl+d'],
    label: 'Delete',
    words: 'delete at the cursor',
    edit: (line) => without(line, line.cursor, line.cursor + 1),
  },
  {
    keys: ['ctrl+w'],
    label: 'Ctrl+W',
    words: 'delete the word before the cursor',
    edit: (line) => without(line, wordBefore(line), line.cursor),
  },
  { keys: ['ctrl+u'], label: 'Ctrl+U', words: 'empty the field', edit: () => ({ all: [], cursor: 0 }) },
];

type Parts = { readonly all: readonly string[]; readonly cursor: number };

/** The line after a key; undefined when the key is none of a text field. */
export function editText(line: TextLine, key: KeyPress, id: string): TextLine | undefined {
  const all = characters(line.text);
  const parts: Parts = { all, cursor: Math.min(Math.max(0, line.cursor), all.length) };
  if (key.kind === 'text' || key.kind === 'paste') return inserted(parts, key.text);
  const found = editingKeys.find((each) => each.keys.includes(id));
  if (found === undefined) return undefined;
  const { all: rest, cursor } = found.edit(parts);
  return { text: rest.join(''), cursor };
}

/** A combining mark joins the character before it, so the cursor is counted anew. */
function inserted({ all, cursor }: Parts, text: string): TextLine {
  const before = all.slice(0, cursor).join('') + text;
  return { text: before + all.slice(cursor).join(''), cursor: characters(before).length };
}

function at(line: Parts, cursor: number): Parts {
  return { ...line, cursor: Math.min(Math.max(0, cursor), line.all.length) };
}

function moved(line: Parts, by: number): Parts {
  return at(line, line.cursor + by);
}

function without({ all, cursor }: Parts, from: number, to: number): Parts {
  if (from < 0) return { all, cursor };
  return { all: [...all.slice(0, from), ...all.slice(to)], cursor: from };
}

const isOfWord = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character);

function wordBefore({ all, cursor }: Parts): number {
  let place = cursor;
  while (place > 0 && !isOfWord(all[place - 1])) place -= 1;
  while (place > 0 && isOfWord(all[place - 1])) place -= 1;
  return place;
}

function wordAfter({ all, cursor }: Parts): number {
  let place = cursor;
  while (place < all.length && !isOfWord(all[place])) place += 1;
  while (place < all.length && isOfWord(all[place])) place += 1;
  return place;
}
