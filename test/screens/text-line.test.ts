import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyId } from '../../src/screens/keys.ts';
import { nothingPending, parseKeys } from '../../src/screens/terminal/key-parser.ts';
import { widthOf } from '../../src/screens/text-width.ts';
import { fieldView } from '../../src/screens/widgets/field-view.ts';
import { editText, type TextLine } from '../../src/screens/widgets/text-line.ts';

/** The line after these keys; `|` shows the cursor. */
function edited(start: string, bytes: string): string {
  let line: TextLine = { text: start.replace('|', ''), cursor: start.indexOf('|') };
  for (const key of parseKeys(nothingPending, bytes).keys) line = editText(line, key, keyId(key)) ?? line;
  return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
}

describe('a text field', () => {
  it.each([
    ['types at the cursor', 'SR|01', 'V', 'SRV|01'],
    ['deletes before the cursor', 'SRVX|01', '\u{7F}', 'SRV|01'],
    ['deletes at the cursor', 'SRV|X01', '\u{1B}[3~', 'SRV|01'],
    ['goes to the beginning and the end', 'SRV01|', '\u{1B}[HX\u{1B}[F', 'XSRV01|'],
    ['goes by words', 'SRV01\\RETAIL|', '\u{1B}[1;5D', 'SRV01\\|RETAIL'],
    ['deletes a word', 'SRV01\\RETAIL|', '\u{17}', 'SRV01\\|'],
    ['is emptied by Ctrl+U', 'SRV01|', '\u{15}', '|'],
    ['does nothing at its ends', '|', '\u{7F}\u{1B}[D\u{1B}[3~', '|'],
  ])('%s', (_what, start, bytes, end) => {
    expect(edited(start, bytes)).toBe(end);
  });

  it('deletes a character with its accents, and a face with its colour, in one stroke', () => {
    const line = { text: 'e\u{301}\u{1F44D}\u{1F3FD}', cursor: 2 };
    const once = editText(line, { kind: 'key', name: 'backspace' }, 'backspace');
    expect(once).toEqual({ text: 'e\u{301}', cursor: 1 });
    expect(once && editText(once, { kind: 'key', name: 'backspace' }, 'backspace')?.text).toBe('');
  });

  it('shows a part of a long text that is never wider than the field and has the cursor in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.nat(60),
        fc.integer({ min: 6, max: 30 }),
        (text, cursor, width) => {
          const view = fieldView(text, cursor, width, '~');
          expect(widthOf(view.text)).toBeLessThanOrEqual(width);
          expect(view.column).toBeLessThan(width);
        },
      ),
    );
  });
});
