/** REG_MULTI_SZ: several strings in one, a zero after each and one at the end. */
export function multipleStrings(strings: readonly string[]): Buffer {
  const text = strings.map((string) => `${string}\0`).join('');
  // An empty list has two zeros as well: the first would else be read as the end of an empty string.
  return Buffer.from(strings.length === 0 ? '\0\0' : `${text}\0`, 'utf16le');
}

/** The strings again, out of memory whose length nobody states. */
export function splitStrings(unitAt: (index: number) => number): readonly string[] {
  const strings: string[] = [];
  let string = '';
  for (let index = 0; ; index += 1) {
    const unit = unitAt(index);
    if (unit !== 0) string += String.fromCharCode(unit);
    else if (string === '') return strings;
    else {
      strings.push(string);
      string = '';
    }
  }
}
