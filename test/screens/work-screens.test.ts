import { describe, expect, it } from 'vitest';
import {
  failed,
  finished,
  large,
  outcome,
  reviewed,
  small,
  typed,
  wizardOn,
  working,
} from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

describe.each([
  ['80x24', large],
  ['60x20', small],
])('at %s', (name, size) => {
  const is = (other: string) => name === other;

  it('the review while the server is asked', async () => {
    const text = await screenText(typed(wizardOn('options', { size }), '\r'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Review                                        nothing changed yet
         ──────────────────────────────────────────────────────────────────────────────
           Task            Store database
           Store database  SRV01\\RETAIL / AXRETAILPOS, SQL login retailsetup
           Identification  HOUSTON (usrt)
           Accounts        Windows accounts, by local groups
           Options         encryption verify, built-in tables

           working  Asking the server what there is to do









         ──────────────────────────────────────────────────────────────────────────────


         E change   W write answers file   Esc back   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Review                    nothing changed yet
         ──────────────────────────────────────────────────────────
           Task            Store database
           Store database  SRV01\\RETAIL / AXRETAILPOS, SQL login r~
           Identification  HOUSTON (usrt)
           Accounts        Windows accounts, by local groups
           Options         encryption verify, built-in tables

           working  Asking the server what there is to do






         ──────────────────────────────────────────────────────────

         E change   W write answers file   Esc back   ? help"
      `);
  });

  it('the review', async () => {
    const text = await screenText(reviewed({ size }));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Review                                        nothing changed yet
         ──────────────────────────────────────────────────────────────────────────────
           Server    SRV01\\RETAIL: SQL Server 2012 Express Edition
           Database  AXRETAILPOS will be created
           Store     HOUSTON, company usrt

           Warning: SQL Server Express holds at most 10 GB.
             Next: Keep an eye on its size.

             1  Create the database AXRETAILPOS                                 creates
             2  Run the script 6.2.0.0/010-tables.sql                           changes
             3  Run the script 6.2.0.0/020-tables.sql                           changes
             4  Let the server take up its new settings                 needs a restart





         ──────────────────────────────────────────────────────────────────────────────
         Nothing is changed until you press Enter.

         Enter start   S T-SQL   E change   W write answers file   Esc back   ? help"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Review                    nothing changed yet
         ──────────────────────────────────────────────────────────
           Server    SRV01\\RETAIL: SQL Server 2012 Express Edition
           Database  AXRETAILPOS will be created
           Store     HOUSTON, company usrt

           Warning: SQL Server Express holds at most 10 GB.
             Next: Keep an eye on its size.

             1  Create the database AXRETAILPOS             creates
             2  Run the script 6.2.0.0/010-tables.sql       changes
             3  Run the script 6.2.0.0/020-tables.sql       changes
             4  Let the server take up its new se~  needs a restart


         ──────────────────────────────────────────────────────────
         Nothing is changed until you press Enter.
         Enter start   S T-SQL   E change   Esc back   ? help"
      `);
  });

  it('the review when there can be no plan', async () => {
    const asked = typed(wizardOn('options', { size }), '\r');
    const failure = {
      message: 'SRV01 was not found.',
      hint: 'Check the spelling, or type the IP address of the computer.',
    };
    const text = await screenText(outcome(asked, { kind: 'plan-failed', id: 1, failure }).state);
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Review                                        nothing changed yet
         ──────────────────────────────────────────────────────────────────────────────
           SRV01 was not found.

           Next: Check the spelling, or type the IP address of the computer.













         ──────────────────────────────────────────────────────────────────────────────


         Enter try again   E change   W write answers file   Esc back   ? help"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Review                    nothing changed yet
         ──────────────────────────────────────────────────────────
           SRV01 was not found.

           Next: Check the spelling, or type the IP address of the
           computer.









         ──────────────────────────────────────────────────────────

         Enter try again   E change   W write answers file   ? help"
      `);
  });

  it('the T-SQL', async () => {
    const text = await screenText(typed(reviewed({ size }), 's'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  T-SQL
         ──────────────────────────────────────────────────────────────────────────────
         -- 1.
         SELECT 1;
         GO













         ──────────────────────────────────────────────────────────────────────────────


         Esc close   Up/Down scroll   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  T-SQL
         ──────────────────────────────────────────────────────────
         -- 1.
         SELECT 1;
         GO










         ──────────────────────────────────────────────────────────

         Esc close   Up/Down scroll   Ctrl+C quit"
      `);
  });

  it('the list of answers to change', async () => {
    const text = await screenText(typed(reviewed({ size }), 'e'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Change an answer
         ──────────────────────────────────────────────────────────────────────────────
           Which answer do you want to change?

         > Task            Store database
           Store database  SRV01\\RETAIL / AXRETAILPOS, SQL login retailsetup
           Identification  HOUSTON (usrt)
           Accounts        Windows accounts, by local groups
           Options         encryption verify, built-in tables









         ──────────────────────────────────────────────────────────────────────────────


         Enter choose   Esc back   Up/Down choose   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 6 of 8  Change an answer
         ──────────────────────────────────────────────────────────
           Which answer do you want to change?

         > Task            Store database
           Store database  SRV01\\RETAIL / AXRETAILPOS, SQL login r~
           Identification  HOUSTON (usrt)
           Accounts        Windows accounts, by local groups
           Options         encryption verify, built-in tables






         ──────────────────────────────────────────────────────────

         Enter choose   Esc back   Up/Down choose   Ctrl+C quit"
      `);
  });

  it('the work', async () => {
    const text = await screenText(working({ size }));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 7 of 8  Setting up                                      1 min 12 s so far
         ──────────────────────────────────────────────────────────────────────────────
           ok         1  Create the database AXRETAILPOS                            4 s
           working    2  Run the script 6.2.0.0/010-tables.sql     61 of 84  1 min 12 s
                      3  Run the script 6.2.0.0/020-tables.sql
                      4  Let the server take up its new settings












         ──────────────────────────────────────────────────────────────────────────────
         If this window closes, run storedb again: it continues. There is no way back
         from here.
         ? help   Ctrl+C stop safely"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 7 of 8  Setting up                  1 min 12 s so far
         ──────────────────────────────────────────────────────────
           ok         1  Create the database AXRETAILPOS        4 s
           working    2  Run the script 6.2.0.0/010-tabl~  61 of 84
                      3  Run the script 6.2.0.0/020-tables.sql
                      4  Let the server take up its new settings









         ──────────────────────────────────────────────────────────
         If this window closes, run storedb again: it continues. T~
         ? help   Ctrl+C stop safely"
      `);
  });

  it('the question before the work is stopped', async () => {
    const text = await screenText(typed(working({ size }), '\u{3}'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 7 of 8  Stop
         ──────────────────────────────────────────────────────────────────────────────
           Stop the work? What is done stays done; the same command continues it later.

         > Go on        let the work finish
           Stop safely  end at the next safe place












         ──────────────────────────────────────────────────────────────────────────────


         Enter choose   Esc back   Up/Down choose   Ctrl+C stop safely"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 7 of 8  Stop
         ──────────────────────────────────────────────────────────
           Stop the work? What is done stays done; the same command
           continues it later.

         > Go on        let the work finish
           Stop safely  end at the next safe place








         ──────────────────────────────────────────────────────────

         Enter choose   Esc back   Up/Down choose"
      `);
  });

  it('the end of the work', async () => {
    const text = await screenText(finished({ size }));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 8 of 8  Done                                                   2 min 40 s
         ──────────────────────────────────────────────────────────────────────────────
           ok       4 of 4 actions done, 1 of them before
           warning  The clock of the server is 3 minutes ahead.
                    Next: Set it right.
           ok       Store database creation was successful.

           Log        E:\\storedb-logs\\2026-11-22_1200_HOUSTON\\summary.txt
           Next one   storedb apply
                      E:\\storedb-logs\\2026-11-22_1200_HOUSTON\\answers.yaml








         ──────────────────────────────────────────────────────────────────────────────


         Enter finish   L read the log   N set up a register   V verify   ? help"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 8 of 8  Done                               2 min 40 s
         ──────────────────────────────────────────────────────────
           ok       4 of 4 actions done, 1 of them before
           warning  The clock of the server is 3 minutes ahead.
                    Next: Set it right.
           ok       Store database creation was successful.

           Log        E:\\storedb-logs\\2026-11-22_1200_HOUSTON\\
                      summary.txt
           Next one   storedb apply
                      E:\\storedb-logs\\2026-11-22_1200_HOUSTON\\
                      answers.yaml



         ──────────────────────────────────────────────────────────

         Enter finish   L read the log   V verify   ? help"
      `);
  });

  it('a failure', async () => {
    const text = await screenText(failed({ size }));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 8 of 8  Not done                                               1 min 12 s
         ──────────────────────────────────────────────────────────────────────────────
                    1 of 4 actions done
           failed   Run the script 6.2.0.0/010-tables.sql

           There is no space left on the disk of the server. (1105)

           Next: Make room on drive D: of SRV01, then continue.

           Log        /var/log/summary.txt
           Continue   storedb apply /var/log/answers.yaml







         ──────────────────────────────────────────────────────────────────────────────


         Enter finish   L read the log   R try again   V verify   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 8 of 8  Not done                           1 min 12 s
         ──────────────────────────────────────────────────────────
                    1 of 4 actions done
           failed   Run the script 6.2.0.0/010-tables.sql

           There is no space left on the disk of the server. (1105)

           Next: Make room on drive D: of SRV01, then continue.

           Log        /var/log/summary.txt
           Continue   storedb apply /var/log/answers.yaml




         ──────────────────────────────────────────────────────────

         Enter finish   L read the log   R try again   ? help"
      `);
  });
});
