import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyId } from '../../../src/screens/keys.ts';
import {
  flushKeys,
  type KeyPress,
  nothingPending,
  parseKeys,
  waitingFor,
} from '../../../src/screens/terminal/key-parser.ts';

const ids = (text: string) => parseKeys(nothingPending, text).keys.map(keyId);

describe('the keys of a terminal', () => {
  it.each([
    ['xterm and Linux in application mode', '\u{1B}OP'],
    ['PuTTY, rxvt and Windows', '\u{1B}[11~'],
    ['the Linux console', '\u{1B}[[A'],
    ['xterm with modifiers off', '\u{1B}[1P'],
  ])('knows F1 of %s', (_terminal, bytes) => {
    expect(ids(bytes)).toEqual(['f1']);
  });

  it.each([
    ['\r', 'enter'],
    ['\n', 'enter'],
    ['\t', 'tab'],
    ['\u{1B}[Z', 'shift+tab'],
    ['\u{7F}', 'backspace'],
    ['\b', 'backspace'],
    ['\u{1B}[3~', 'delete'],
    ['\u{1B}[A', 'up'],
    ['\u{1B}OA', 'up'],
    ['\u{1B}[H', 'home'],
    ['\u{1B}[1~', 'home'],
    ['\u{1B}[7~', 'home'],
    ['\u{1B}[F', 'end'],
    ['\u{1B}[4~', 'end'],
    ['\u{1B}[5~', 'page-up'],
    ['\u{1B}[1;5C', 'ctrl+right'],
    ['\u{1B}[1;3D', 'alt+left'],
    ['\u{1B}[24~', 'f12'],
    ['\u{3}', 'ctrl+c'],
    ['ä', 'ä'],
    ['\u{1F3EA}', '\u{1F3EA}'],
  ])('reads %j as %s', (bytes, id) => {
    expect(ids(bytes)).toEqual([id]);
  });

  it('keeps what is typed ahead in its order', () => {
    expect(ids('ab\rc\u{1B}[Bd')).toEqual(['a', 'b', 'enter', 'c', 'down', 'd']);
  });

  it('drops the replies of a terminal that are no keys', () => {
    expect(ids('\u{1B}[?1;2ca\u{1B}[24;80Rb\u{1B}[Ic')).toEqual(['a', 'b', 'c']);
  });

  it('waits for the rest after a lone ESC, and takes it for Esc when nothing comes', () => {
    const { keys, pending } = parseKeys(nothingPending, '\u{1B}');
    expect(keys).toEqual([]);
    expect(waitingFor(pending)).toBe('escape');
    expect(flushKeys(pending).keys.map(keyId)).toEqual(['escape']);
  });

  it('joins an arrow key that arrives in pieces', () => {
    const first = parseKeys(nothingPending, '\u{1B}');
    const second = parseKeys(first.pending, '[');
    expect(waitingFor(second.pending)).toBe('sequence');
    expect(parseKeys(second.pending, 'A').keys.map(keyId)).toEqual(['up']);
  });

  it('never makes text of a sequence that was cut off', () => {
    const { pending } = parseKeys(nothingPending, '\u{1B}[1;');
    expect(flushKeys(pending)).toEqual({ keys: [], pending: nothingPending });
  });

  it('swallows neither Esc nor the key behind it in one packet', () => {
    expect(ids('\u{1B}\r')).toEqual(['escape', 'enter']);
  });

  it('hears Ctrl+C also when the end of a paste was lost on the line', () => {
    const { keys, pending } = parseKeys(nothingPending, '\u{1B}[200~SRV');
    expect(keys).toEqual([]);
    expect(parseKeys(pending, '01\u{03}x')).toEqual({
      keys: [
        { kind: 'paste', text: 'SRV01' },
        { kind: 'ctrl', letter: 'c' },
        { kind: 'text', text: 'x' },
      ],
      pending: nothingPending,
    });
  });

  it('takes a pasted text in one piece and without its line breaks, so that it presses no Enter', () => {
    expect(parseKeys(nothingPending, '\u{1B}[200~SRV01\r\nRETAIL\t\u{1B}[201~x').keys).toEqual([
      { kind: 'paste', text: 'SRV01RETAIL' },
      { kind: 'text', text: 'x' },
    ]);
  });

  it('gives the same keys however the bytes are cut', () => {
    const piece = fc.constantFrom(
      ...['a', 'ß', '\u{1F3EA}', '\r', '\t', '\u{1B}[A', '\u{1B}OP', '\u{1B}[[B', '\u{1B}[1;5D', '\u{3}'],
      '\u{1B}[200~two\rlines\u{1B}[201~',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(6)), (pieces, cuts) => {
        const text = pieces.join('');
        const whole = parseKeys(nothingPending, text);
        let pending = nothingPending;
        const keys: KeyPress[] = [];
        let from = 0;
        for (const length of [...cuts, text.length]) {
          const next = parseKeys(pending, text.slice(from, from + length));
          keys.push(...next.keys);
          pending = next.pending;
          from += length;
        }
        expect(keys).toEqual(whole.keys);
      }),
    );
  });
});
