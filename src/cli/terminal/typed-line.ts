/**
 * The line as it was meant: Node's readline edits nothing where TERM is dumb, and leaves Backspace and Ctrl+U in it as
 * the characters that they are. Other control characters are dropped.
 */
export function typedLine(keys: string): string {
  let line: readonly string[] = [];
  for (const key of keys) {
    if (isErasing(key)) line = line.slice(0, -1);
    else if (key === '\u{15}') line = [];
    else if (key >= ' ') line = [...line, key];
  }
  return line.join('');
}

/** Most terminals send DEL for Backspace, some BS. */
export function isErasing(key: string): boolean {
  return key === '\u{7F}' || key === '\b';
}
