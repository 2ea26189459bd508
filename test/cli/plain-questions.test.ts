import { describe, expect, it } from 'vitest';
import { askStep } from '../../src/cli/plain-questions.ts';
import type { LineDialog } from '../../src/cli/terminal/line-dialog.ts';
import { askYesNo } from '../../src/cli/terminal/yes-or-no.ts';
import { startingDraft } from '../../src/core/answers/draft.ts';
import { Secret } from '../../src/core/secret.ts';
import { type Draft, steps } from '../../src/core/steps/index.ts';

const draft: Draft = { task: 'store-database', ...startingDraft() };
const step = (id: string) => steps.find((each) => each.id === id)!;

/** A technician who types these lines; what was asked and said is kept. */
function technician(...lines: readonly string[]): LineDialog & { readonly said: string[] } {
  const left = [...lines];
  const said: string[] = [];
  const next = (question: string) => {
    said.push(question);
    return left.shift();
  };
  return {
    said,
    say: (text) => said.push(text),
    ask: async (question) => next(question),
    askUnseen: async (question) => {
      const line = next(question);
      return line === undefined ? undefined : new Secret(line);
    },
    report: (text) => said.push(text),
    close: () => undefined,
  };
}

describe('the questions line by line', () => {
  it('have the numbers and words of the screens', async () => {
    const dialog = technician('HOUSTON', 'usrt');
    const answer = await askStep(step('identification'), draft, dialog);
    expect(answer).toMatchObject({
      kind: 'answered',
      draft: { 'identification.storeId': 'HOUSTON', 'identification.dataAreaId': 'usrt' },
    });
    expect(dialog.said[0]).toContain('Step 3 of 8  Identification');
  });

  it('take what stands in brackets with Enter, and the number or the word of a choice', async () => {
    const dialog = technician('SRV01', '', '2', 'setup', 'Pa55-canary');
    const answer = await askStep(step('store-database'), draft, dialog);
    expect(answer).toMatchObject({
      kind: 'answered',
      draft: { 'storeDatabase.name': 'AXRETAILPOS', 'storeDatabase.auth.kind': 'sql' },
    });
    expect(dialog.said.join('\n')).not.toContain('Pa55-canary');
    expect(JSON.stringify(answer)).not.toContain('Pa55-canary');
  });

  it('ask again, and say what to type, when an answer is wrong or missing', async () => {
    const dialog = technician('', 'SRV01', 'x'.repeat(200), '', 'sql', 'setup', '', 'geheim');
    const answer = await askStep(step('store-database'), draft, dialog);
    expect(answer.kind).toBe('answered');
    const said = dialog.said.join('\n');
    expect(said).toContain('! Server is missing');
    expect(said).toContain('! The database name is too long');
    expect(said).toContain('! Password is missing: type it.');
  });

  it('ask for the number of a choice, and not for the word that a file has', async () => {
    const dialog = technician('4', '2');
    expect(await askStep(step('task'), draft, dialog)).toMatchObject({ draft: { task: 'offline-database' } });
    expect(dialog.said.join('\n')).toContain('! Not one of the choices: type a number from 1 to 3.');
  });

  it('turn a switch only with a yes or a no', async () => {
    const dialog = technician('', '', '', '', 'maybe', 'yes', 'off');
    const answer = await askStep(step('options'), { ...draft, task: 'offline-database' }, dialog);
    expect(answer).toMatchObject({
      draft: { 'options.replaceRegister': true, 'options.startService': false },
    });
    expect(dialog.said).toContain('  ! Type y for yes or n for no.');
  });

  it('take nothing but yes or no where one of them is asked for', async () => {
    const dialog = technician('?', 'maybe', 'Yes');
    expect(await askYesNo(dialog, 'Continue?', false)).toBe(true);
    expect(dialog.said.filter((line) => line.includes('Type y for yes'))).toHaveLength(2);
    expect(await askYesNo(technician(''), 'Continue?', true)).toBe(true);
    expect(await askYesNo(technician(), 'Continue?', true)).toBeUndefined();
  });

  it('go back by one with <, and to the step before from the first', async () => {
    const once = technician('HOUSTON', '<', 'DALLAS', 'usrt');
    expect(await askStep(step('identification'), draft, once)).toMatchObject({
      draft: { 'identification.storeId': 'DALLAS' },
    });
    expect((await askStep(step('identification'), draft, technician('<'))).kind).toBe('back');
  });

  it('help with ?', async () => {
    const dialog = technician('?', '', '');
    await askStep(step('identification'), draft, dialog);
    expect(dialog.said.join('\n')).toContain('letter for letter');
  });

  it('end when there will be no more lines', async () => {
    expect((await askStep(step('identification'), draft, technician())).kind).toBe('quit');
  });
});
