import { array, assert, constant, constantFrom, integer, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { CAMPAIGN_TIMEOUT, checkOptions } from '../campaign.ts';
import { value } from '../engine/scalar/evaluate.ts';

/** Characters that matter to the functions: both cases, accents, blanks, wildcards, quotes. */
const characters = constantFrom(..."aAbBcéÉ zZ1%_[]-^'.");
const texts = string({ unit: characters, maxLength: 8 });
const counts = oneof(
  { weight: 8, arbitrary: integer({ min: -3, max: 12 }) },
  constantFrom(2_147_483_647, -2_147_483_648),
);
const kinds = constantFrom('', 'N');

const quoted = (text: string, prefix = 'N'): string => `${prefix}'${text.replaceAll("'", "''")}'`;
/** The value, or the number of the error. */
const evaluate = (sql: string): unknown => {
  try {
    return value(sql);
  } catch (problem) {
    const { number } = problem as { number?: number };
    if (number === undefined) throw problem;
    return { error: number };
  }
};

/** Case does not count in the default collation; accents do. */
const fold = (text: string): string => text.toLowerCase();
const withoutEndBlanks = (text: string): string => text.replace(/ +$/, '');
const indexOf = (text: string, sought: string, from: number): number => {
  for (let at = from; at + sought.length <= text.length; at++)
    if (fold(text.slice(at, at + sought.length)) === fold(sought)) return at;
  return -1;
};

test(
  'LEN, DATALENGTH, REVERSE, UPPER, LOWER, LTRIM and RTRIM',
  () => {
    assert(
      property(texts, kinds, (text, prefix) => {
        const sql = quoted(text, prefix);
        expect(evaluate(`len(${sql})`)).toBe(withoutEndBlanks(text).length);
        expect(evaluate(`datalength(${sql})`)).toBe(text.length * (prefix === 'N' ? 2 : 1));
        expect(evaluate(`reverse(${sql})`)).toBe([...text].toReversed().join(''));
        expect(evaluate(`upper(${sql})`)).toBe(text.toUpperCase());
        expect(evaluate(`lower(${sql})`)).toBe(text.toLowerCase());
        expect(evaluate(`ltrim(${sql})`)).toBe(text.replace(/^ +/, ''));
        expect(evaluate(`rtrim(${sql})`)).toBe(withoutEndBlanks(text));
      }),
      checkOptions('simple text functions', 500),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'SUBSTRING, LEFT and RIGHT count from 1, and places before the text count as well',
  () => {
    assert(
      property(texts, counts, counts, (text, start, length) => {
        const inside = [...text].filter((_, i) => i + 1 >= start && i + 1 < start + length).join('');
        expect(evaluate(`substring(${quoted(text)}, ${start}, ${length})`)).toEqual(
          length < 0 ? { error: 537 } : inside,
        );
        expect(evaluate(`left(${quoted(text)}, ${length})`)).toEqual(
          length < 0 ? { error: 537 } : text.slice(0, length),
        );
        expect(evaluate(`right(${quoted(text)}, ${length})`)).toEqual(
          length < 0 ? { error: 536 } : length >= text.length ? text : text.slice(text.length - length),
        );
      }),
      checkOptions('parts of texts', 700),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'STUFF, REPLICATE and SPACE',
  () => {
    assert(
      property(texts, counts, counts, texts, (text, start, length, put) => {
        const isNull = start < 1 || start > text.length || length < 0;
        const stuffed = text.slice(0, start - 1) + put + text.slice(start - 1 + length);
        expect(evaluate(`stuff(${quoted(text)}, ${start}, ${length}, ${quoted(put)})`)).toBe(
          isNull ? null : stuffed,
        );
        const times = Math.min(length, 4001);
        expect(evaluate(`replicate(${quoted(text)}, ${length})`)).toBe(
          length < 0 ? null : text.repeat(times).slice(0, 4000),
        );
        // 8000 bytes are the most: what comes after the blanks is cut off, and LEN does not count the blanks.
        expect(evaluate(`len('<' + space(${length}) + '>')`)).toBe(
          length < 0 ? null : length > 7998 ? 1 : length + 2,
        );
      }),
      checkOptions('texts put together', 400),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'CHARINDEX and REPLACE find by the collation, from left to right',
  () => {
    assert(
      property(
        texts,
        string({ unit: characters, maxLength: 3 }),
        counts,
        texts,
        (text, sought, start, put) => {
          const found = sought === '' ? -1 : indexOf(text, sought, Math.max(0, start - 1));
          expect(evaluate(`charindex(${quoted(sought)}, ${quoted(text)}, ${start})`)).toBe(found + 1);
          let replaced = '';
          for (let at = 0; at < text.length; ) {
            const isHere = sought !== '' && indexOf(text.slice(0, at + sought.length), sought, at) === at;
            replaced += isHere ? put : text.charAt(at);
            at += isHere ? sought.length : 1;
          }
          expect(evaluate(`replace(${quoted(text)}, ${quoted(sought)}, ${quoted(put)})`)).toBe(replaced);
        },
      ),
      checkOptions('texts sought', 800),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'CONCAT takes NULL for nothing, + makes NULL of it, QUOTENAME doubles what closes',
  () => {
    assert(
      property(array(oneof(texts, constant(null)), { minLength: 2, maxLength: 4 }), texts, (all, name) => {
        const list = all.map((each) => (each === null ? 'cast(null as nvarchar(9))' : quoted(each)));
        expect(evaluate(`concat(${list.join(', ')})`)).toBe(all.join(''));
        expect(evaluate(list.join(' + '))).toBe(all.includes(null) ? null : all.join(''));
        expect(evaluate(`quotename(${quoted(name)})`)).toBe(`[${name.replaceAll(']', ']]')}]`);
        expect(evaluate(`quotename(${quoted(name)}, '''')`)).toBe(quoted(name, ''));
      }),
      checkOptions('texts joined', 400),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'texts are equal whatever their case and the blanks at their ends, but not their accents',
  () => {
    assert(
      property(texts, texts, (left, right) => {
        const isEqual = fold(withoutEndBlanks(left)) === fold(withoutEndBlanks(right));
        expect(evaluate(`case when ${quoted(left)} = ${quoted(right)} then 1 else 0 end`)).toBe(
          isEqual ? 1 : 0,
        );
        const sameBytes = withoutEndBlanks(left) === withoutEndBlanks(right);
        expect(
          evaluate(
            `case when ${quoted(left)} = ${quoted(right)} collate Latin1_General_BIN2 then 1 else 0 end`,
          ),
        ).toBe(sameBytes ? 1 : 0);
      }),
      checkOptions('texts compared', 800),
    );
  },
  CAMPAIGN_TIMEOUT,
);

/** One thing that a pattern may hold, as it is written and as it matches. */
type Element =
  | { readonly kind: 'any'; readonly text: string }
  | { readonly kind: 'one'; readonly text: string; readonly matches: (character: string) => boolean };
const exactly = (text: string, character = text): Element => ({
  kind: 'one',
  text,
  matches: (other) => fold(other) === fold(character),
});
const elements = oneof(
  { weight: 4, arbitrary: constantFrom(...'aAbcé zZ1.').map((character) => exactly(character)) },
  constant<Element>({ kind: 'any', text: '%' }),
  constant<Element>({ kind: 'one', text: '_', matches: () => true }),
  constantFrom('[%]', '[_]', '[[]').map((text) => exactly(text, text.charAt(1))),
  array(constantFrom(...'abcz1'), { minLength: 1, maxLength: 3 }).chain((set) =>
    constantFrom(false, true).map(
      (isNot): Element => ({
        kind: 'one',
        text: `[${isNot ? '^' : ''}${set.join('')}]`,
        matches: (character) => set.includes(fold(character)) !== isNot,
      }),
    ),
  ),
  constant<Element>({ kind: 'one', text: '[0-9]', matches: (character) => /[0-9]/.test(character) }),
);
const matches = (text: string, pattern: readonly Element[]): boolean => {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === '';
  if (first.kind === 'any') return matches(text, rest) || (text !== '' && matches(text.slice(1), pattern));
  return text !== '' && first.matches(text.charAt(0)) && matches(text.slice(1), rest);
};

test(
  'LIKE and PATINDEX match wildcards and sets',
  () => {
    // Blanks at the end of a Unicode text count; those of other texts are a matter of their own.
    assert(
      property(texts, array(elements, { maxLength: 5 }), (text, pattern) => {
        const sql = quoted(pattern.map((element) => element.text).join(''));
        const isLike = matches(text, pattern);
        expect(evaluate(`case when ${quoted(text)} like ${sql} then 1 else 0 end`)).toBe(isLike ? 1 : 0);
        expect(evaluate(`case when ${quoted(text)} not like ${sql} then 1 else 0 end`)).toBe(isLike ? 0 : 1);
      }),
      checkOptions('LIKE', 2_500),
    );
    assert(
      property(texts, array(elements, { minLength: 1, maxLength: 3 }), (text, inner) => {
        const pattern = inner.filter((element) => element.kind === 'one');
        const sql = quoted(`%${pattern.map((element) => element.text).join('')}%`);
        const any: Element = { kind: 'any', text: '%' };
        let at = -1;
        for (let start = text.length; start >= 0; start--)
          if (matches(text.slice(start), [...pattern, any])) at = start;
        if (pattern.length > 0) expect(evaluate(`patindex(${sql}, ${quoted(text)})`)).toBe(at + 1);
      }),
      checkOptions('PATINDEX', 800),
    );
  },
  CAMPAIGN_TIMEOUT,
);
