import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a person counts as characters. */
export function characters(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * The text as it may be drawn: tabs become blanks, and characters that would move the cursor or turn the direction of
 * writing become `?`. Names and messages come from servers and files.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\t', '    ')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu, '?');
}

/** Columns that the text takes on the screen; wide characters take two. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text in lines of at most `width` columns, broken at blanks where there are any; at least one line. */
export function wrapped(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

/** The text cut to `width` columns; `mark` shows that something is missing. */
export function cut(text: string, width: number, mark: string): string {
  if (widthOf(text) <= width) return text;
  return `${take(characters(text), width - widthOf(mark))}${mark}`;
}

/** The text with blanks to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** As many characters from the beginning as fit. */
export function take(from: readonly string[], width: number): string {
  let taken = '';
  let used = 0;
  for (const character of from) {
    used += widthOf(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<= )/)) {
    if (widthOf((current + word).trimEnd()) <= width) {
      current += word;
      continue;
    }
    if (current.trim() !== '') lines.push(current.trimEnd());
    current = word;
    while (widthOf(current.trimEnd()) > width) {
      const head = upToSeparator(take(characters(current), width));
      if (head === '') break;
      lines.push(head);
      current = current.slice(head.length);
    }
  }
  if (current.trim() !== '' || lines.length === 0) lines.push(current.trimEnd());
  return lines;
}

/** A path is cut behind a separator, so that its names stay whole. */
function upToSeparator(text: string): string {
  const last = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'));
  return last > 0 ? text.slice(0, last + 1) : text;
}
