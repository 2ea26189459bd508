import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../src/core/errors.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const { scripts, dependencies, devDependencies } = JSON.parse(read('package.json'));

describe('the documents', () => {
  it('list the exit codes that the program has', () => {
    const rows = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
    expect(read('README.md')).toContain(rows.join('\n'));
  });

  it('name only npm scripts that exist', () => {
    const named = [
      ...`${read('README.md')}${read('CONTRIBUTING.md')}`.matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g),
    ];
    expect(named.length).toBeGreaterThan(5);
    for (const [, script, short] of named) expect(scripts).toHaveProperty([script ?? short ?? '']);
  });

  it('give the reason of every dependency', () => {
    const named = read('CONTRIBUTING.md')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .flatMap((line) => line.split('|')[1]?.split(/[\s,()]+/) ?? []);
    const unnamed = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !name.startsWith('@types/') && !named.includes(name),
    );
    expect(unnamed).toEqual([]);
  });
});
