import { describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import { describeFailure, hintFor, SqlFailure } from '../../../src/core/sql/failures.ts';
import { explanations } from '../../../src/core/sql/hints.ts';

const context = { server: 'SRV01', database: 'AXRETAILPOS', account: 'setup' };
const failure = (number: number, serverMessage: string) =>
  new SqlFailure({ number, state: 1, class: 16, line: 3, procedure: '', serverMessage });

describe('the table of explanations', () => {
  it.each(Object.entries(explanations))('%s says what is wrong and what to do in whole sentences', (code) => {
    const words = hintFor(code, context);
    expect(words?.message).toMatch(/^[A-Z].*\.$/);
    expect(words?.hint).toMatch(/^[A-Z].*[.]$|^[A-Z].*name\.$/);
    expect(`${words?.message} ${words?.hint}`).not.toMatch(/[{}]/);
  });

  it('names server, database and account', () => {
    expect(hintFor(4060, context)?.message).toBe(
      'The database AXRETAILPOS does not exist on SRV01, or setup may not open it.',
    );
  });

  it('begins a sentence with a capital also where a name is unknown', () => {
    expect(hintFor('port-closed', {})?.message).toMatch(/^The server answers/);
  });

  it('has nothing for what it does not know', () => {
    expect(hintFor(1, context)).toBeUndefined();
    expect(hintFor('toString', context)).toBeUndefined();
  });
});

describe('a failure that is shown', () => {
  it('of a statement has plain words, the words of the server and its number', () => {
    const finding = describeFailure(failure(1827, 'CREATE DATABASE or ALTER DATABASE failed'), context);
    expect(finding.code).toBe('sql-1827');
    expect(finding.message).toContain('10 GB');
    expect(finding.message).toContain('CREATE DATABASE or ALTER DATABASE failed (1827)');
    expect(finding.hint).not.toBe('');
  });

  it('of an unknown number still has the words of the server and a next step', () => {
    expect(describeFailure(failure(33557097, 'MERGE is not supported'), context)).toEqual({
      code: 'sql-33557097',
      message: 'The server says: MERGE is not supported (33557097)',
      hint: expect.stringContaining('33557097'),
    });
  });

  it('that was expected keeps its own words', () => {
    const error = new ExpectedError({ code: 'x', exit: 'connection', message: 'm', hint: 'h' });
    expect(describeFailure(error, context)).toEqual({ code: 'x', message: 'm', hint: 'h' });
  });
});
