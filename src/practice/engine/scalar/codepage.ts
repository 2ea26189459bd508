/** Code page 1252, in which (var)char values of the Latin collations are stored. */

// The places of 0x80-0x9F that differ from Latin-1: https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT
const upperHalf =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';
const bytes = new Map<number, number>();
for (let index = 0; index < upperHalf.length; index += 1)
  bytes.set(upperHalf.charCodeAt(index), 0x80 + index);

/** The byte of a UTF-16 unit, or undefined when the code page has no such character. */
const byteOf = (unit: number): number | undefined =>
  unit < 0x80 || (unit >= 0xa0 && unit <= 0xff) ? unit : bytes.get(unit);

const plainAscii = /^[\0-\x7f]*$/;

/** The text as a (var)char can hold it: characters outside the code page become '?'. */
export function toCodePage(text: string): string {
  if (plainAscii.test(text)) return text;
  let result = '';
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    result += byteOf(unit) === undefined ? '?' : text.charAt(index);
  }
  return result;
}

/** The bytes of a (var)char value. */
export function encodeCodePage(text: string): Buffer {
  const result = Buffer.alloc(text.length);
  for (let index = 0; index < text.length; index += 1) result[index] = byteOf(text.charCodeAt(index)) ?? 0x3f;
  return result;
}

/** The text of (var)char bytes. */
export function decodeCodePage(data: Uint8Array): string {
  let text = '';
  for (const byte of data)
    text += byte >= 0x80 && byte < 0xa0 ? upperHalf.charAt(byte - 0x80) : String.fromCharCode(byte);
  return text;
}
