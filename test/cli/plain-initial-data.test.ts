import { describe, expect, it } from 'vitest';
import type { ArrivalNews } from '../../src/cli/distribute/arriving-data.ts';
import { type Arrival, waitForData } from '../../src/cli/plain-initial-data.ts';
import type { ArrivingJob, Failure } from '../../src/screens/index.ts';
import { pipedDialog, whenAborted } from './piped-dialog.ts';

const draft = { task: 'offline-database', 'identification.storeId': 'HOUSTON' };
const currency: ArrivingJob = { name: 'N-1000 Currency', verdict: 'filled', rows: 12_345, empty: [] };
const customer: ArrivingJob = { name: 'N-1010 Customer', verdict: 'empty', rows: 0, empty: ['CUSTTABLE'] };
const come: ArrivingJob = { ...customer, verdict: 'filled', rows: 1, empty: [] };
const packs = [
  { path: 'E:\\houston.zip', words: '3,541 rows, made 2012-08-01' },
  { path: 'E:\\older', words: '3,500 rows, made 2012-07-01' },
];

/** A wait whose news the test tells. `loaded` are the packs that were asked for. */
function waiting(load: Arrival['load'] = async () => undefined) {
  const piped = pipedDialog();
  const loaded: string[] = [];
  let tell: ArrivalNews | undefined;
  const stop = new AbortController();
  const outcome = waitForData(
    piped.dialog,
    {
      watch: (news, signal) => {
        tell = news;
        return whenAborted(signal);
      },
      load: (path, ...rest) => {
        loaded.push(path);
        return load(path, ...rest);
      },
    },
    draft,
    stop.signal,
  );
  if (tell === undefined) throw new Error('Nobody watches.');
  return { ...piped, tell, loaded, outcome, stop };
}

describe('the wait for the initial data, line by line', () => {
  it('says what the page of the screens says, and asks below it', async () => {
    const { tell, shown, type, outcome } = waiting();
    tell.packs(packs);
    tell.jobs([currency, customer], false);
    expect(shown()).toMatchInlineSnapshot(`
      "  Looking into the store database.
        Enter = what is missing, < = back: 
        ok       N-1000 Currency: 12,345 rows
        missing  N-1010 Customer: nothing in CUSTTABLE
        On this stick, or in this folder:
        1  E:\\houston.zip: 3,541 rows, made 2012-08-01
        2  E:\\older: 3,500 rows, made 2012-07-01
        Or ask head office to run, limited to store HOUSTON:
          N-1010 Customer
        Waiting for the data of 1 job.
        1 to 2 = load the pack, Enter = what is missing, < = back: "
    `);
    type('<\n');
    expect(await outcome).toBe('left');
  });

  it('says a line when a job has got its data, and nothing at a look that shows the same', async () => {
    const { tell, shown, type, outcome } = waiting();
    tell.jobs([currency, customer], false);
    const before = shown();
    tell.jobs([{ ...currency, rows: 12_346 }, customer], false);
    expect(shown()).toBe(before);
    tell.jobs([currency, come], true);
    expect(shown().slice(before.length)).toMatchInlineSnapshot(`
      "
        ok       N-1010 Customer: 1 row
        The initial data is complete.
        Enter = go on, < = back: "
    `);
    type('\n');
    expect(await outcome).toBe('complete');
  });

  it('tells a look that failed once, that the wait goes on, and again when the next one fails', async () => {
    const { tell, shown, type, outcome } = waiting();
    const away: Failure = { message: 'The server does not answer.', hint: 'Check the cable.' };
    const times = () => shown().split(away.message).length - 1;
    tell.failed(away);
    tell.failed(away);
    expect(times()).toBe(1);
    tell.jobs([customer], false);
    tell.failed(away);
    expect(times()).toBe(2);
    const before = shown().length;
    tell.jobs([customer], false);
    tell.jobs([customer], false);
    expect(shown().slice(before).split('Waiting for the data of 1 job.')).toHaveLength(2);
    type('<\n');
    await outcome;
  });

  it('keeps what was typed when news come, and says again at Enter what is missing', async () => {
    const { tell, shown, shows, type, outcome } = waiting();
    tell.jobs([currency, customer], false);
    const before = shown().length;
    type('\n');
    await shows('nothing in CUSTTABLE\n  Ask head office to run, limited to store HOUSTON:\n', before);
    type('<');
    await shows('< = back: <');
    tell.jobs([currency, { ...customer, verdict: 'not-used' }], false);
    expect(shown().endsWith('< = back: <')).toBe(true);
    type('\n');
    expect(await outcome).toBe('left');
  });

  it('loads the pack of the number, tells why it was not loaded, and goes on waiting', async () => {
    const failure = { message: 'tables/X.csv: cut off', hint: 'Copy it again.' };
    const { tell, shows, type, loaded, outcome } = waiting(async () => failure);
    tell.packs(packs);
    tell.jobs([customer], false);
    type('2\n');
    await shows('tables/X.csv: cut off\n  Next: Copy it again.\n');
    expect(loaded).toEqual(['E:\\older']);
    tell.jobs([come], true);
    await shows('The initial data is complete.');
    // There is nothing left to load.
    type('1\n\n');
    expect(await outcome).toBe('complete');
    expect(loaded).toEqual(['E:\\older']);
  });

  it('says what keeps it from watching at all', async () => {
    const { dialog, shows, type } = pipedDialog();
    const watch = async () => {
      throw new Error('no password');
    };
    const stop = new AbortController();
    const outcome = waitForData(dialog, { watch, load: async () => undefined }, draft, stop.signal);
    await shows('no password');
    type('<\n');
    expect(await outcome).toBe('left');
  });

  it('ends, and the watching with it, when the technician is gone', async () => {
    const { dialog, outcome } = waiting();
    dialog.close();
    expect(await outcome).toBe('quit');
  });
});
