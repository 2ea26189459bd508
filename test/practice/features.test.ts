import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { featureList } from '../../src/practice/feature-list.ts';
import { featuresAsPage, featuresAsText } from '../../src/practice/feature-text.ts';
import { refusals, refusedOptions, refusedStatements, refusedWords } from '../../src/practice/features.ts';
import { refusedByParser } from '../../src/practice/language/refusals.ts';
import { startEngine } from './engine/client.ts';

const source = join(import.meta.dirname, '../../src/practice');
const sources = await (async () => {
  const texts: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: source }))
    if (!file.startsWith('feature') && file !== join('language', 'refusals.ts'))
      texts.push(readFileSync(join(source, file), 'utf8'));
  return texts;
})();

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The words of a name as they stand in the code: a string, or a template with something in the place of each `*`. */
const inCode = (name: string) =>
  new RegExp(
    `['"\`]${name
      .split('*')
      .map((part) => escaped(part))
      .join('[^`]*\\$\\{[^`]*\\}[^`]*')}['"\`]`,
  );

// That no refusal is without an entry is checked by the compiler: the names are a type.
test.each(Object.values(refusals).flat())('the entry "%s" is one that the code refuses by', (name) => {
  expect(sources.some((text) => inCode(name).test(text))).toBe(true);
});

test.each(Object.keys(refusedByParser))('the parser refuses %s', (key) => {
  expect(sources.some((text) => text.includes(`'${key}'`))).toBe(true);
});

test.each(refusedOptions)('the parser refuses by "%s"', (name) => {
  expect(sources.some((text) => new RegExp(`[\`']${escaped(name.split('*')[0]!)}`).test(text))).toBe(true);
});

test.each(refusedWords)('%s is refused as a whole statement', async (word) => {
  const { connect } = startEngine();
  const answer = await (await connect()).run(`${word} x`);
  expect(answer.errors).toMatchObject([
    { number: 50191, text: `Practice server: ${word} is not supported here.` },
  ]);
});

test('numbers of the parser are used once each, and only our own', () => {
  const numbers = Object.values(refusedByParser).map(([number]) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of numbers) expect(number > 50100 && number < 50190).toBe(true);
});

test('nothing is both executed and refused, or in its group twice', () => {
  const all = featureList();
  for (const title of ['Functions', 'System procedures', 'Table hints', 'SET options', 'Database options']) {
    const named = (treatment: string) =>
      all
        .filter((group) => group.title === title && group.treatment === treatment)
        .flatMap(({ names }) => names);
    const names = ['executed', 'recorded', 'refused'].flatMap(named);
    expect(names.length, title).toBe(new Set(names).size);
  }
  for (const { names } of all) expect(names.length).toBeGreaterThan(0);
  expect(refusedStatements.length).toBeGreaterThan(refusedWords.length);
});

test('every function that is said to be executed is known, and every refused one is refused by name', async () => {
  const { connect } = startEngine();
  const client = await connect();
  const refused = featureList().find((each) => each.treatment === 'refused' && each.title === 'Functions')!;
  for (const name of refused.names)
    expect((await client.run(`select ${name}()`)).errors, name).toMatchObject([
      { text: expect.stringContaining(`the function ${name}`) },
    ]);
  const executed = featureList().find((each) => each.treatment === 'executed' && each.title === 'Functions')!;
  for (const name of executed.names) {
    const { errors } = await client.run(`select ${name}${name.startsWith('@@') ? '' : '()'}`);
    expect(
      errors.map(({ number }) => number),
      name,
    ).not.toContain(195);
  }
});

test('every catalog view that is listed can be read', async () => {
  const { connect } = startEngine();
  const client = await connect();
  const views = featureList().find(({ title }) => title === 'Catalog views')!;
  for (const name of views.names) {
    const { errors } = await client.run(`select count(*) from ${name}`);
    // Those with parameters are functions: 313 says that arguments are missing.
    expect(
      errors.every(({ number }) => number === 313 || number === 216),
      `${name}: ${errors[0]?.text}`,
    ).toBe(true);
  }
});

test('docs/practice-server.md is the register as it is now; npm run assets makes it anew', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/practice-server.md'), 'utf8');
  expect(page).toBe(featuresAsPage());
});

test('the printed list fits a console', () => {
  for (const line of featuresAsText().split('\n')) expect(line.length, line).toBeLessThanOrEqual(110);
});
