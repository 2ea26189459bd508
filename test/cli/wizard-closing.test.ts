import { describe, expect, it } from 'vitest';
import { closingLines, endedAtOnce } from '../../src/cli/wizard-closing.ts';

describe('what is said after the wizard', () => {
  it('says that nothing was changed only where nothing was begun', () => {
    expect(closingLines(true).lines()).toEqual(['Nothing was changed.']);
    const loaded = closingLines(true);
    loaded.pack({ path: 'E:\\houston.zip', failure: undefined });
    expect(loaded.lines()).toEqual(['Loaded into the store database: E:\\houston.zip']);
  });

  it('says what came of a pack whose load was left', () => {
    const closing = closingLines(false);
    const failure = { message: 'Stopped.', hint: 'Load it again.' };
    closing.pack({ path: 'E:\\houston.zip', failure });
    expect(closing.lines()).toEqual([
      'Not loaded to its end: E:\\houston.zip',
      'Stopped.',
      'Next: Load it again.',
    ]);
  });

  it('says that a run that was ended at once can be continued, but not on a practice server', () => {
    expect(endedAtOnce(false)).toContain('Start storedb again with the same answers: it continues.');
    expect(endedAtOnce(true)).toBe('Ended in the middle of the work.');
  });

  it('says how the run ended behind what was loaded before it', () => {
    const closing = closingLines(false);
    closing.pack({ path: 'pack', failure: undefined });
    closing.end({ exit: 'done', log: 'summary.txt', command: '' });
    expect(closing.lines()).toEqual(['Loaded into the store database: pack', 'Log: summary.txt']);
  });
});
