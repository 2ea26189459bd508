/** Keys that are not text. */
export type KeyName =
  | 'enter'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'insert'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'page-up'
  | 'page-down'
  | `f${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`;

/** One key as the wizard sees it: a character, a named key, a letter with Ctrl, or a text that was pasted. */
export type KeyPress =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'ctrl'; readonly letter: string }
  | {
      readonly kind: 'key';
      readonly name: KeyName;
      readonly shift?: boolean;
      readonly ctrl?: boolean;
      readonly alt?: boolean;
    };

/** What has arrived and is not a whole key yet. */
export type PendingKeys = {
  readonly text: string;
  /** Inside a bracketed paste: what of it has arrived. */
  readonly paste: string | undefined;
};

export const nothingPending: PendingKeys = { text: '', paste: undefined };

type Parsed = { readonly keys: readonly KeyPress[]; readonly pending: PendingKeys };

const esc = '\u{1B}';
const pasteBegin = '\u{1B}[200~';
const pasteEnd = '\u{1B}[201~';
const interrupt = '\u{03}';

/**
 * Reads the bytes of a terminal as keys. A sequence may arrive in pieces (over slow links it does): what is begun is
 * returned as pending and goes into the next call. A lone ESC stays pending; `flushKeys` makes it the Esc key when
 * nothing has followed for a while. Replies of the terminal that are no keys are dropped.
 */
export function parseKeys(pending: PendingKeys, chunk: string): Parsed {
  const keys: KeyPress[] = [];
  let rest = pending.text + chunk;
  let paste = pending.paste;
  while (rest !== '') {
    if (paste !== undefined) {
      const end = rest.indexOf(pasteEnd);
      // Nobody pastes Ctrl+C: the end of the paste was lost on the line, and somebody wants to get out.
      const stop = rest.indexOf(interrupt);
      if (stop >= 0 && (end < 0 || stop < end)) {
        keys.push({ kind: 'paste', text: oneLine(paste + rest.slice(0, stop)) });
        paste = undefined;
        rest = rest.slice(stop);
        continue;
      }
      if (end < 0) {
        // The end mark itself may be cut.
        const kept = overlap(rest, pasteEnd);
        paste += rest.slice(0, rest.length - kept);
        return { keys, pending: { text: rest.slice(rest.length - kept), paste } };
      }
      keys.push({ kind: 'paste', text: oneLine(paste + rest.slice(0, end)) });
      paste = undefined;
      rest = rest.slice(end + pasteEnd.length);
      continue;
    }
    if (rest.startsWith(pasteBegin)) {
      paste = '';
      rest = rest.slice(pasteBegin.length);
      continue;
    }
    const taken = takeKey(rest);
    if (taken === undefined) return { keys, pending: { text: rest, paste } };
    if (taken.key !== undefined) keys.push(taken.key);
    rest = rest.slice(taken.length);
  }
  return { keys, pending: { text: '', paste } };
}

/** What is pending has waited long enough: a lone ESC is the Esc key; a half sequence is dropped, nobody typed it. */
export function flushKeys(pending: PendingKeys): Parsed {
  if (pending.paste !== undefined) return { keys: [], pending };
  const keys: readonly KeyPress[] = pending.text === esc ? [named('escape')] : [];
  return { keys, pending: nothingPending };
}

/** What only time can decide: whether an ESC is a key, or whether the rest of a sequence still comes. */
export function waitingFor(pending: PendingKeys): 'nothing' | 'escape' | 'sequence' {
  if (pending.paste !== undefined || pending.text === '') return 'nothing';
  return pending.text === esc ? 'escape' : 'sequence';
}

type Taken = { readonly key: KeyPress | undefined; readonly length: number };

/** The first key of the text; undefined when it has only begun. */
function takeKey(text: string): Taken | undefined {
  if (text.startsWith(esc)) return takeEscaped(text);
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const { length } = character;
  if (character >= '\uD800' && character <= '\uDBFF' && length === 1 && text.length === 1) return undefined;
  const code = character.codePointAt(0) ?? 0;
  if (character === '\r' || character === '\n') return { key: named('enter'), length };
  if (character === '\t') return { key: named('tab'), length };
  // Most terminals send DEL for Backspace, some (and Ctrl+H) BS.
  if (code === 0x7f || code === 0x08) return { key: named('backspace'), length };
  if (code >= 1 && code <= 26) {
    return { key: { kind: 'ctrl', letter: String.fromCodePoint(code + 0x60) }, length };
  }
  if (code < 0x20 || (code >= 0x80 && code < 0xa0)) return { key: undefined, length };
  return { key: { kind: 'text', text: character }, length };
}

function takeEscaped(text: string): Taken | undefined {
  if (text.length === 1) return undefined;
  const second = text[1];
  if (second === '[') return takeControlSequence(text);
  if (second === 'O') {
    const third = text[2];
    if (third === undefined) return undefined;
    return { key: singleShift[third], length: 3 };
  }
  // Esc, and the next key behind it in the same packet. (It could be Alt with that key, which nothing here uses.)
  return { key: named('escape'), length: 1 };
}

/** CSI: `ESC [ parameters final`, and the Linux console's `ESC [ [ A` for F1. */
function takeControlSequence(text: string): Taken | undefined {
  const linux = /^\u{1B}\[\[(.)?/u.exec(text);
  if (linux !== null) {
    const letter = linux[1];
    return letter === undefined ? undefined : { key: linuxConsole[letter], length: 4 };
  }
  const match = /^\u{1B}\[([0-?]*)[ -/]*([@-~])/u.exec(text);
  if (match === null) {
    // A character that cannot stand in a sequence ends it: the reply of the terminal was cut short.
    const isBroken = /^\u{1B}\[[0-?]*[ -/]*[^ -~]/u.test(text);
    return isBroken ? { key: undefined, length: brokenLength(text) } : undefined;
  }
  const [whole, parameters = '', final = ''] = match;
  const numbers = parameters.split(';');
  const modifier = Number(numbers[1] ?? 1) - 1;
  // A cursor position (`ESC [ 24 ; 80 R`) looks like F3, but its numbers are none of a key.
  const isReply = final !== '~' && (!['', '1'].includes(numbers[0] ?? '') || modifier > 15);
  if (isReply) return { key: undefined, length: whole.length };
  const key = final === '~' ? numbered[numbers[0] ?? ''] : lettered[final];
  return { key: key === undefined ? undefined : modified(key, modifier), length: whole.length };
}

function brokenLength(text: string): number {
  const end = text.slice(2).search(/[^ -~]/u);
  return end < 0 ? text.length : end + 2;
}

function modified(key: KeyPress, modifier: number): KeyPress {
  if (key.kind !== 'key' || !Number.isInteger(modifier) || modifier <= 0) return key;
  return {
    ...key,
    ...((modifier & 1) !== 0 ? { shift: true } : {}),
    ...((modifier & 2) !== 0 ? { alt: true } : {}),
    ...((modifier & 4) !== 0 ? { ctrl: true } : {}),
  };
}

function named(name: KeyName): KeyPress {
  return { kind: 'key', name };
}

/** Final letters of CSI sequences; modifiers stand in the second parameter (`ESC [ 1 ; 5 C`). */
const lettered: Readonly<Record<string, KeyPress>> = {
  A: named('up'),
  B: named('down'),
  C: named('right'),
  D: named('left'),
  F: named('end'),
  H: named('home'),
  P: named('f1'),
  Q: named('f2'),
  R: named('f3'),
  S: named('f4'),
  Z: { kind: 'key', name: 'tab', shift: true },
};

/** `ESC O x`: application cursor keys, and F1 to F4 of xterm. */
const singleShift: Readonly<Record<string, KeyPress>> = { ...lettered, M: named('enter') };

/** `ESC [ n ~`: rxvt, PuTTY and Windows have numbers for F1 to F4 as well. */
const numbered: Readonly<Record<string, KeyPress>> = {
  1: named('home'),
  2: named('insert'),
  3: named('delete'),
  4: named('end'),
  5: named('page-up'),
  6: named('page-down'),
  7: named('home'),
  8: named('end'),
  11: named('f1'),
  12: named('f2'),
  13: named('f3'),
  14: named('f4'),
  15: named('f5'),
  17: named('f6'),
  18: named('f7'),
  19: named('f8'),
  20: named('f9'),
  21: named('f10'),
  23: named('f11'),
  24: named('f12'),
};

const linuxConsole: Readonly<Record<string, KeyPress>> = {
  A: named('f1'),
  B: named('f2'),
  C: named('f3'),
  D: named('f4'),
  E: named('f5'),
};

/** The length of the longest end of the text that is a beginning of the mark. */
function overlap(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length -= 1) {
    if (mark.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

/** A pasted text must not press Enter: line breaks and other control characters go. */
function oneLine(text: string): string {
  return text.replace(/[\u{0}-\u{1F}\u{7F}-\u{9F}]/gu, '');
}
