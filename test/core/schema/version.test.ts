import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, isVersion } from '../../../src/core/schema/version.ts';

const parts = fc.array(fc.nat(9999), { minLength: 2, maxLength: 5 });
const text = (numbers: readonly number[]) => numbers.join('.');

describe('the order of versions', () => {
  it('counts instead of comparing text: 6.2.10 comes after 6.2.9', () => {
    expect(compareVersions('6.2.10', '6.2.9')).toBe(1);
    expect(compareVersions('6.2.9.0', '6.2.10.0')).toBe(-1);
  });

  it('takes missing parts for zero', () => {
    expect(compareVersions('6.2', '6.2.0.0')).toBe(0);
    expect(compareVersions('6.2', '6.2.0.1')).toBe(-1);
  });

  it('is the order of the numbers from left to right', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const first = a.map((_, index) => index).find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
        const longer = Math.max(a.length, b.length);
        const at =
          first ??
          Array.from({ length: longer }, (_, index) => index).find(
            (index) => (a[index] ?? 0) !== (b[index] ?? 0),
          );
        const expected = at === undefined ? 0 : Math.sign((a[at] ?? 0) - (b[at] ?? 0));
        expect(compareVersions(text(a), text(b))).toBe(expected);
      }),
    );
  });

  it('is a total order: turning the question round turns the answer round, and sorting is stable under it', () => {
    fc.assert(
      fc.property(parts, parts, parts, (a, b, c) => {
        expect(compareVersions(text(a), text(b)) + compareVersions(text(b), text(a))).toBe(0);
        const sorted = [a, b, c].map(text).sort(compareVersions);
        expect(compareVersions(sorted[0]!, sorted[2]!)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('refuses what is no version', () => {
    for (const wrong of ['', '6', '6.', 'six.two', '6.2.x', '6.2 ', '-6.2', '6..2']) {
      expect(isVersion(wrong), wrong).toBe(false);
      expect(() => compareVersions(wrong, '6.2')).toThrow('is not a version');
    }
  });
});
