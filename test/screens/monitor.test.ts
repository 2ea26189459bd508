import { describe, expect, it } from 'vitest';
import { connectWizard } from '../../src/screens/host.ts';
import { drawWizard } from './drawn-wizard.ts';
import {
  lookedAt,
  sampleDetail,
  sampleScopes,
  sampleStatus,
  storeAway,
  watching,
  withParked,
} from './sample-monitors.ts';
import { finished, keys, large, outcome, small, typed } from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

const esc = '\u{1B}';
const down = '\u{1B}[B';

describe.each([
  ['80x24', large],
  ['60x20', small],
])('the monitor at %s', (name, size) => {
  const is = (other: string) => name === other;

  it('shows every scope, and the one that has the attention in words', async () => {
    const text = await screenText(typed(watching({ size }), down.repeat(2)));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Synchronisation  HOUSTON-1                       refreshed every 2 s  14:26:02
         ──────────────────────────────────────────────────────────────────────────────
           Scope                        Direction  Last run      Rows  Errors   Waiting
           Tax                          down       14:25:58         0       0         0
           Products                     down       14:25:58        14       0         0
         > Prices and discounts         down       14:25:58   312,450       0         0
           POS transactions             up         14:25:58        37       0     1,200
           Suspended transactions       both       14:25:58         1       1         1

           1 row is parked; P shows it.








         ──────────────────────────────────────────────────────────────────────────────
         Prices and discounts: 312,450 rows in 2 s (156,225 rows/s). Every 5 min.

         P parked rows   Up/Down scope   Esc leave   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
      " storedb 1.0.0
       Synchronisation  HOUSTON-1   refreshed every 2 s  14:26:02
       ──────────────────────────────────────────────────────────
         Scope               Dir   Last     Rows  Errors  Waiting
         Tax                 down  14:25       0       0        0
         Products            down  14:25      14       0        0
       > Prices and discou~  down  14:25    312k       0        0
         POS transactions    up    14:25      37       0    1,200
         Suspended transac~  both  14:25       1       1        1

         1 row is parked; P shows it.





       ──────────────────────────────────────────────────────────
       Prices and discounts: 312,450 rows in 2 s (156,225 rows/s~
       P parked rows   Up/Down scope   Esc leave   ? help"
    `);
  });

  it('keeps what needs a person in sight below a long list', async () => {
    const scopes = Array.from({ length: 19 }, (_, index) => ({
      ...sampleScopes[index % 5]!,
      scope: `Scope ${index + 1}`,
    }));
    const text = await screenText(typed(watching({ size }, sampleStatus({ scopes })), down.repeat(12)));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Synchronisation  HOUSTON-1                       refreshed every 2 s  14:26:02
         ──────────────────────────────────────────────────────────────────────────────
           Scope                        Direction  Last run      Rows  Errors   Waiting
           Scope 3                      down       14:25:58   312,450       0         0
           Scope 4                      up         14:25:58        37       0     1,200
           Scope 5                      both       14:25:58         1       1         1
           Scope 6                      down       14:25:58         0       0         0
           Scope 7                      down       14:25:58        14       0         0
           Scope 8                      down       14:25:58   312,450       0         0
           Scope 9                      up         14:25:58        37       0     1,200
           Scope 10                     both       14:25:58         1       1         1
           Scope 11                     down       14:25:58         0       0         0
           Scope 12                     down       14:25:58        14       0         0
         > Scope 13                     down       14:25:58   312,450       0         0
           Scope 14                     up         14:25:58        37       0     1,200
           ^ 2 more   v 5 more

           1 row is parked; P shows it.
         ──────────────────────────────────────────────────────────────────────────────
         Scope 13: 312,450 rows in 2 s (156,225 rows/s). Every 5 min.

         P parked rows   Up/Down scope   Esc leave   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
      " storedb 1.0.0
       Synchronisation  HOUSTON-1   refreshed every 2 s  14:26:02
       ──────────────────────────────────────────────────────────
         Scope               Dir   Last     Rows  Errors  Waiting
         Scope 6             down  14:25       0       0        0
         Scope 7             down  14:25      14       0        0
         Scope 8             down  14:25    312k       0        0
         Scope 9             up    14:25      37       0    1,200
         Scope 10            both  14:25       1       1        1
         Scope 11            down  14:25       0       0        0
         Scope 12            down  14:25      14       0        0
       > Scope 13            down  14:25    312k       0        0
         Scope 14            up    14:25      37       0    1,200
         ^ 5 more   v 5 more

         1 row is parked; P shows it.
       ──────────────────────────────────────────────────────────
       Scope 13: 312,450 rows in 2 s (156,225 rows/s). Every 5 m~
       P parked rows   Up/Down scope   Esc leave   ? help"
    `);
  });

  it('says that the store is away and what cannot be known then', async () => {
    const text = await screenText(watching({ size }, storeAway()));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Synchronisation  HOUSTON-1                       refreshed every 2 s  14:26:02
         ──────────────────────────────────────────────────────────────────────────────
           Scope                        Direction  Last run      Rows  Errors   Waiting
         > Tax                          down       14:25:58         0       0         ?
           Products                     down       14:25:58        14       0         ?
           Prices and discounts         down       14:25:58   312,450       0         ?
           POS transactions             up         14:25:58        37       0     1,200
           Suspended transactions       both       14:25:58         1       1        1+

           The server SRV01\\RETAIL does not answer on port 49172.
           Next: Check the cable and whether the server is on; sales wait here
           meanwhile.
           1 row is parked; P shows it.





         ──────────────────────────────────────────────────────────────────────────────
         Tax: The store could not be reached. Every 5 min.

         P parked rows   Up/Down scope   Esc leave   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Synchronisation  HOUSTON-1   refreshed every 2 s  14:26:02
         ──────────────────────────────────────────────────────────
           Scope               Dir   Last     Rows  Errors  Waiting
         > Tax                 down  14:25       0       0        ?
           Products            down  14:25      14       0        ?
           Prices and discou~  down  14:25    312k       0        ?
           POS transactions    up    14:25      37       0    1,200
           Suspended transac~  both  14:25       1       1       1+

           The server SRV01\\RETAIL does not answer on port 49172.
           Next: Check the cable and whether the server is on;
           sales wait here meanwhile.
           1 row is parked; P shows it.


         ──────────────────────────────────────────────────────────
         Tax: The store could not be reached. Every 5 min.
         P parked rows   Up/Down scope   Esc leave   ? help"
      `);
  });

  it('lists the parked rows', async () => {
    const text = await screenText(withParked(watching({ size })));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Parked rows
         ──────────────────────────────────────────────────────────────────────────────
         > S12  RETAILSUSPENDEDTRANSACTIONS  TRANSACTIONID=000123, STORE=HOUSTON
           R3   INVENTTABLE  ITEMID=0099














         ──────────────────────────────────────────────────────────────────────────────
         The row was changed on both sides; the store keeps its own.

         Enter show   T try again   A accept   Up/Down choose   Esc back   ? help"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Parked rows
         ──────────────────────────────────────────────────────────
         > S12  RETAILSUSPENDEDTRANSACTIONS  TRANSACTIONID=000123,~
           R3   INVENTTABLE  ITEMID=0099











         ──────────────────────────────────────────────────────────
         The row was changed on both sides; the store keeps its ow~
         Enter show   T try again   A accept   Esc back   ? help"
      `);
  });

  it('shows a parked row beside what both databases hold, what differs first', async () => {
    const parked = withParked(watching({ size }));
    const shown = outcome(parked, { kind: 'parked-shown', id: 1, detail: sampleDetail() }).state;
    const text = await screenText(shown);
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Parked row S12
         ──────────────────────────────────────────────────────────────────────────────
           RETAILSUSPENDEDTRANSACTIONS TRANSACTIONID=000123, STORE=HOUSTON
           The row was changed on both sides; the store keeps its own.

           NETAMOUNT
             parked        1844.6800000000000000
             store now     12.5000000000000000
             register now  1844.68
           COMMENT
             parked        NULL
             store now     taken over by till 2
             register now  (no such row)

           TRANSACTIONID  000123



         ──────────────────────────────────────────────────────────────────────────────
         T: the next run tries it again. A: the parked version is given up.

         T try again   A accept   Esc back   Up/Down scroll   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Parked row S12
         ──────────────────────────────────────────────────────────
           RETAILSUSPENDEDTRANSACTIONS TRANSACTIONID=000123,
           STORE=HOUSTON
           The row was changed on both sides; the store keeps its
           own.

           NETAMOUNT
             parked        1844.6800000000000000
             store now     12.5000000000000000
             register now  1844.68
           COMMENT
             parked        NULL
             store now     taken over by till 2
             register now  (no such row)
         ────────────────────────────────────────────── v 2 more ──
         T: the next run tries it again. A: the parked version is ~
         T try again   A accept   Esc back   ? help   Ctrl+C quit"
      `);
  });

  it('asks before a parked row is given up', async () => {
    const text = await screenText(typed(withParked(watching({ size })), 'a'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Give the parked version up
         ──────────────────────────────────────────────────────────────────────────────
           Give up the parked version of RETAILSUSPENDEDTRANSACTIONS
           TRANSACTIONID=000123, STORE=HOUSTON? The store keeps what it has.

         > Keep it parked  nothing changes
           Give it up      the parked version stays in the record only











         ──────────────────────────────────────────────────────────────────────────────
         This cannot be taken back.

         Enter choose   Up/Down choose   Esc back   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Give the parked version up
         ──────────────────────────────────────────────────────────
           Give up the parked version of
           RETAILSUSPENDEDTRANSACTIONS TRANSACTIONID=000123,
           STORE=HOUSTON? The store keeps what it has.

         > Keep it parked  nothing changes
           Give it up      the parked version stays in the record ~







         ──────────────────────────────────────────────────────────
         This cannot be taken back.
         Enter choose   Up/Down choose   Esc back   ? help"
      `);
  });
});

describe('the monitor', () => {
  it('begins to look when it opens, and keeps the last look when one fails', () => {
    const state = watching();
    const failure = { message: 'The register does not answer.', hint: 'Wait.' };
    const failed = outcome(state, { kind: 'status-unknown', id: 1, failure }).state;
    expect(failed.monitor).toMatchObject({ failure, status: { parked: 1 } });
    expect(
      outcome(failed, { kind: 'status-read', id: 1, status: sampleStatus() }).state.monitor?.failure,
    ).toBe(undefined);
  });

  it('drops reports of an earlier watch', () => {
    const state = watching();
    expect(outcome(state, { kind: 'status-read', id: 99, status: storeAway() }).state).toEqual(state);
  });

  it('marks a row to be tried again without asking, and reads the list anew', () => {
    const { state, effects } = outcome(withParked(watching()), ...keys(`${down}t`));
    expect(effects).toMatchObject([{ kind: 'retry-parked', conflict: 'R3' }]);
    const settled = outcome(state, {
      kind: 'parked-settled',
      id: 1,
      message: 'The next run tries R3 again.',
    });
    expect(settled.effects).toMatchObject([{ kind: 'list-parked' }]);
    expect(settled.state).toMatchObject({
      message: 'The next run tries R3 again.',
      monitor: { parked: { choice: 1 } },
    });
  });

  it('gives a row up only after the question, whose first answer keeps it', () => {
    const parked = withParked(watching());
    expect(outcome(parked, ...keys('a\r')).effects).toEqual([]);
    expect(outcome(parked, ...keys(`a${esc}`)).effects).toEqual([]);
    expect(outcome(parked, ...keys(`a${down}\r`)).effects).toMatchObject([
      { kind: 'accept-parked', conflict: 'S12' },
    ]);
  });

  it('goes back one screen at each Esc, and leaves with 0 where there is nothing behind it', () => {
    const shown = outcome(withParked(watching()), {
      kind: 'parked-shown',
      id: 1,
      detail: sampleDetail(),
    }).state;
    const list = typed(shown, esc);
    expect(list.monitor?.parked?.shown).toBe(undefined);
    const scopes = typed(list, esc);
    expect(scopes.monitor?.parked).toBe(undefined);
    expect(outcome(scopes, ...keys(esc)).effects).toEqual([{ kind: 'exit', exit: 'done' }]);
  });

  it('opens from the last page of a register and leads back to it', () => {
    const done = finished();
    const register = { ...done, draft: { ...done.draft, task: 'offline-database' } };
    const opened = outcome(register, ...keys('m'));
    expect(opened.effects).toMatchObject([{ kind: 'watch-sync' }]);
    const back = outcome(opened.state, ...keys(esc));
    expect(back.state.page).toBe('result');
    expect(back.effects).toEqual([{ kind: 'unwatch-sync' }]);
    expect(outcome(done, ...keys('m')).effects).toEqual([]);
  });

  it('says that nothing is parked where nothing is', async () => {
    const text = await screenText(withParked(watching(), []));
    expect(text).toContain('No row is parked.');
    expect(text).not.toContain('A accept');
  });

  it('helps with its columns and keys', async () => {
    const text = await screenText(typed(watching(), '?'));
    expect(text.replace(/\s+/g, ' ')).toContain('Waiting: rows that the other side has not got yet.');
    expect(text).toContain('show the rows that could not be applied');
  });

  it('is drawn with plain ASCII where that is all there is', async () => {
    const text = await screenText(watching({ glyphs: 'ascii' }));
    expect(text).toMatch(/^[\x20-\x7E\n]*$/);
  });

  it('writes only what has changed: a look with no news costs the clock and no more', async () => {
    const wizard = connectWizard(watching(), { carryOut: () => undefined, now: () => 0 });
    const drawn = await drawWizard(wizard, large);
    drawn.bytes();
    const atUtc = new Date(lookedAt.getTime() + 2000);
    wizard.dispatch({ kind: 'status-read', id: 1, status: sampleStatus({ atUtc }) });
    await drawn.settled();
    const bytes = drawn.bytes();
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(200);
    expect(drawn.terminal.text()).toContain('14:26:04');
    await drawn.close();
  });
});
