import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRowText } from '../../../../src/core/sync/window/row-text.ts';

/** As `rowText` has the server write it. */
const written = (fields: readonly (readonly [string, string | null])[]) =>
  fields
    .map(
      ([name, value]) => `${name.replaceAll('=', '==')}=${value === null ? '' : `${value.length}:${value}`};`,
    )
    .join('');

test('whatever names and values hold, what is written is read again', () =>
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.option(fc.string())), {
        selector: ([name]) => name,
      }),
      (fields) => {
        expect([...readRowText(written(fields))!]).toEqual(fields);
      },
    ),
  ));

test.each(['ITEM', 'ITEM=3:ab;', 'ITEM=1:ab;', '=1:a;'])('%s is no such text', (text) => {
  expect(readRowText(text)).toBeUndefined();
});
