import { describe, expect, it } from 'vitest';
import type { TerminalSize, WizardState } from '../../src/screens/wizard.ts';
import { large, small, working } from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

/** The first load, ten seconds after it began. */
function loading(size: TerminalSize, done: number, total: number): WizardState {
  const state = working({ size });
  if (state.run === undefined) throw new Error('Nothing is at work.');
  const row = {
    id: 'first-load',
    title: 'Load the rows for the first time',
    status: 'working',
    since: state.now - 10_000,
    progress: { done, total, unit: 'rows' },
  } as const;
  return { ...state, run: { ...state.run, rows: [...state.run.rows.slice(0, 1), row] } };
}

/** The two lines about the load. */
async function linesOf(state: WizardState): Promise<string> {
  const lines = (await screenText(state)).split('\n');
  const at = lines.findIndex((line) => line.includes('Load the rows'));
  return lines.slice(at, at + 2).join('\n');
}

describe('the first load at work', () => {
  it('says in a wide terminal how far it is and how long it has taken', async () => {
    expect(await linesOf(loading(large, 12_345, 100_000))).toMatchInlineSnapshot(`
      "   working    2  Load the rows for the first time       12,345 of 100,000  10 s
                       1,235 rows/s, 1 min 11 s left"
    `);
  });

  it('says how far it is in the smallest terminal, before the end of its title and its time', async () => {
    expect(await linesOf(loading(small, 12_345, 100_000))).toMatchInlineSnapshot(`
      "   working    2  Load the rows for the ~  12,345 of 100,000
                       1,235 rows/s, 1 min 11 s left"
    `);
  });

  it('says so of as many rows as the largest shops have', async () => {
    expect(await linesOf(loading(small, 12_345_678, 98_765_432))).toMatchInlineSnapshot(`
      "   working    2  Load the rows f~  12,345,678 of 98,765,432
                       1,234,568 rows/s, 1 min 10 s left"
    `);
    expect(await linesOf(loading(large, 12_345_678, 98_765_432))).toMatchInlineSnapshot(`
      "   working    2  Load the rows for the first t~  12,345,678 of 98,765,432  10 s
                       1,234,568 rows/s, 1 min 10 s left"
    `);
  });
});
