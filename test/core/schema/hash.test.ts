import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashFormat, hashScript, normalise } from '../../../src/core/schema/hash.ts';

describe('the hash of a script', () => {
  it('is the same after an editor changed line ends, trailing blanks and the byte-order mark', () => {
    const script = 'CREATE TABLE t (a int);\nGO\n';
    expect(hashScript('\uFEFFCREATE TABLE t (a int);  \r\nGO\r\n\r\n')).toBe(hashScript(script));
    expect(hashScript('CREATE TABLE t (a int);\rGO')).toBe(hashScript(script));
  });

  it('differs when a statement differs, or the blanks inside a line', () => {
    expect(hashScript('SELECT 1')).not.toBe(hashScript('SELECT 2'));
    expect(hashScript("SELECT 'a b'")).not.toBe(hashScript("SELECT 'a  b'"));
    expect(hashScript('  SELECT 1')).not.toBe(hashScript('SELECT 1'));
  });

  it('never changes for what has shipped under format 1', () => {
    expect(hashFormat).toBe(1);
    expect(hashScript('SELECT 1;\r\n')).toBe(
      '17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a',
    );
  });

  it('normalises once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\r', '\n', 'é') }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
    );
  });
});
