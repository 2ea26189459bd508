import { describe, expect, it } from 'vitest';
import { freshWizard, large, noon, outcome, small, tested, typed, wizardOn } from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

const saved = {
  savedAt: new Date(noon - 3_600_000),
  step: 'store-database',
  values: { 'identification.storeId': 'HOUSTON' },
} as const;

describe.each([
  ['80x24', large],
  ['60x20', small],
])('at %s', (name, size) => {
  const is = (other: string) => name === other;

  it('the first page offers the tasks and the answers of last time', async () => {
    const text = await screenText(outcome(freshWizard({ size }), { kind: 'saved-found', saved }).state);
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 1 of 8  What do you want to set up?
         ──────────────────────────────────────────────────────────────────────────────
         > Store database    on the store's SQL Server
           Offline database  on this register, kept in step with the store
           Register only     connect the POS, no offline database

           Check an existing one, which changes nothing: press V

           Continue where it was left? HOUSTON, step 2, today 11:00: press C









         ──────────────────────────────────────────────────────────────────────────────
         A store database comes first; registers need it.

         Enter choose   V check   C continue   Up/Down move   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 1 of 8  What do you want to set up?
         ──────────────────────────────────────────────────────────
         > Store database    on the store's SQL Server
           Offline database  on this register, kept in step with
                             the store
           Register only     connect the POS, no offline database

           Check an existing one, which changes nothing: press V

           Continue where it was left? HOUSTON, step 2, today
           11:00: press C




         ──────────────────────────────────────────────────────────
         A store database comes first; registers need it.
         Enter choose   V check   C continue   ? help   Ctrl+C quit"
      `);
  });

  it('a page of questions', async () => {
    const text = await screenText({ ...wizardOn('store-database', { size }), focus: 'storeDatabase.name' });
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ──────────────────────────────────────────────────────────────────────────────
           Server    SRV01\\RETAIL
         > Database  AXRETAILPOS_____________________________
           Sign in   ( ) this Windows account  (*) SQL login  ( ) other Windows account
           User      retailsetup
           Password  ***********

           [ Test connection ]









         ──────────────────────────────────────────────────────────────────────────────
         The database for the store; it is created when it does not exist.

         Enter go on   Esc back   Tab next   F1 help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ──────────────────────────────────────────────────────────
           Server    SRV01\\RETAIL
         > Database  AXRETAILPOS_____________________________
           Sign in   ( ) this Windows account  (*) SQL login
                     ( ) other Windows account
           User      retailsetup
           Password  ***********

           [ Test connection ]





         ──────────────────────────────────────────────────────────
         The database for the store; it is created when it does no~
         Enter go on   Esc back   Tab next   F1 help   Ctrl+C quit"
      `);
  });

  it('says under each field what to type', async () => {
    const blank = { ...wizardOn('store-database', { size }), draft: freshWizard().draft };
    const text = await screenText(typed(blank, '\r'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ──────────────────────────────────────────────────────────────────────────────
         > Server    ________________________________________
                     ! Server is missing: write it, for example SRV01\\RETAIL
           Database  AXRETAILPOS
           Sign in   ( ) this Windows account  (*) SQL login  ( ) other Windows account
           User      ________________________________________
                     ! User is missing: write it, for example retailsetup
           Password  ________________________________________
                     ! Password is missing: type it.

           [ Test connection ]






         ──────────────────────────────────────────────────────────────────────────────
         The store's SQL Server: SERVER, SERVER\\INSTANCE or SERVER,PORT.

         Enter go on   Esc back   Tab next   F1 help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ──────────────────────────────────────────────────────────
         > Server    ________________________________________
                     ! Server is missing: write it, for example
                     SRV01\\RETAIL
           Database  AXRETAILPOS
           Sign in   ( ) this Windows account  (*) SQL login
                     ( ) other Windows account
           User      ________________________________________
                     ! User is missing: write it, for example
                     retailsetup
           Password  ________________________________________
                     ! Password is missing: type it.

           [ Test connection ]
         ──────────────────────────────────────────────────────────
         The store's SQL Server: SERVER, SERVER\\INSTANCE or SERVER~
         Enter go on   Esc back   Tab next   F1 help   Ctrl+C quit"
      `);
  });

  it('offers the servers of this computer', async () => {
    const opened = typed(freshWizard({ size, isPractice: false }), '\r\r');
    const found = { kind: 'servers-found', servers: ['.\\SQLEXPRESS', '.'] } as const;
    const text = await screenText(outcome(opened, found).state);
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ──────────────────────────────────────────────────────────────────────────────
         > Server    .\\SQLEXPRESS____________________________    found on this computer
                     .  found on this computer
           Database  AXRETAILPOS
           Sign in   ( ) this Windows account  (*) SQL login  ( ) other Windows account
           User      ________________________________________
                     ! User is missing: write it, for example retailsetup
           Password  ________________________________________
                     ! Password is missing: type it.

           [ Test connection ]






         ──────────────────────────────────────────────────────────────────────────────
         The store's SQL Server: SERVER, SERVER\\INSTANCE or SERVER,PORT.

         Enter go on   Esc back   Tab next   F1 help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ──────────────────────────────────────────────────────────
         > Server    .\\SQLEXPRESS__________  found on this computer
                     .  found on this computer
           Database  AXRETAILPOS
           Sign in   ( ) this Windows account  (*) SQL login
                     ( ) other Windows account
           User      ________________________________________
                     ! User is missing: write it, for example
                     retailsetup
           Password  ________________________________________
                     ! Password is missing: type it.

           [ Test connection ]

         ──────────────────────────────────────────────────────────
         The store's SQL Server: SERVER, SERVER\\INSTANCE or SERVER~
         Enter go on   Esc back   Tab next   F1 help   Ctrl+C quit"
      `);
  });

  it('the connection test stops at an unknown certificate', async () => {
    const text = await screenText(tested({ size }));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ──────────────────────────────────────────────────────────────────────────────
           Server    SRV01\\RETAIL
           Database  AXRETAILPOS
           Sign in   ( ) this Windows account  (*) SQL login  ( ) other Windows account
           User      retailsetup
           Password  ***********

         > [ Test connection ]

           Name found  SRV01 is 192.168.4.10                                         ok
           Port        instance RETAIL listens on 49172 (SQL Browser)                ok
           Encryption  The certificate was made by the server itself.            failed
             Next: Compare its SHA-256 with the server, then trust it.




         ──────────────────────────────────────────────────────────────────────────────
         Its SHA-256 begins 4F:19:AA:03. Press T to trust it for this server.

         Enter go on   Esc back   T trust   R test again   Tab next   ? help"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 2 of 8  Store database
         ────────────────────────────────────────────── ^ 3 more ──
                     ( ) other Windows account
           User      retailsetup
           Password  ***********

         > [ Test connection ]

           Name found  SRV01 is 192.168.4.10                     ok
           Port        instance RETAIL listens on 49172          ok
                       (SQL Browser)
           Encryption  The certificate was made by the       failed
                       server itself.
             Next: Compare its SHA-256 with the server, then trust
             it.
         ──────────────────────────────────────────────────────────
         Its SHA-256 begins 4F:19:AA:03. Press T to trust it for t~
         Enter go on   Esc back   T trust   R test again   ? help"
      `);
  });

  it('the options', async () => {
    const text = await screenText(wizardOn('options', { size }));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 5 of 8  Options
         ──────────────────────────────────────────────────────────────────────────────
         > Encryption    (*) verify  ( ) trust  ( ) legacy  ( ) none
           Tables from   builtin
           Initial data  ________________________________________













         ──────────────────────────────────────────────────────────────────────────────
         verify: the server must show a certificate this computer trusts.

         Enter go on   Esc back   Left/Right choose   Tab next   ? help   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 5 of 8  Options
         ──────────────────────────────────────────────────────────
         > Encryption    (*) verify  ( ) trust  ( ) legacy
                         ( ) none
           Tables from   builtin
           Initial data  ________________________________________









         ──────────────────────────────────────────────────────────
         verify: the server must show a certificate this computer ~
         Enter go on   Esc back   Left/Right choose   ? help"
      `);
  });

  it('help', async () => {
    const text = await screenText(typed(wizardOn('options', { size }), '?'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 5 of 8  Help
         ──────────────────────────────────────────────────────────────────────────────
         The defaults are right for most shops.
         Encryption: choose trust when the certificate was made by the server itself
         and you know the server.
         Tables from: builtin, or the folder of the licensed scripts (*.sql and
         POSISUPGRADES.xml) of your company.

         Encryption
           How the connection to SQL Server is protected.
           verify: the server must show a certificate this computer trusts
           trust: accept the server's own certificate and remember it
           legacy: as trust, and old TLS 1.0 for servers without updates
           none: no encryption: anyone on the network can read the password

         Tables from
           builtin, or a folder with your company's own scripts.

         ───────────────────────────────────────────────────────────────── v 24 more ──


         Esc close   Up/Down scroll   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0
         Step 5 of 8  Help
         ──────────────────────────────────────────────────────────
         The defaults are right for most shops.
         Encryption: choose trust when the certificate was made by
         the server itself and you know the server.
         Tables from: builtin, or the folder of the licensed
         scripts (*.sql and POSISUPGRADES.xml) of your company.

         Encryption
           How the connection to SQL Server is protected.
           verify: the server must show a certificate this computer
           trusts
           trust: accept the server's own certificate and remember
           it
           legacy: as trust, and old TLS 1.0 for servers without
         ───────────────────────────────────────────── v 32 more ──

         Esc close   Up/Down scroll   Ctrl+C quit"
      `);
  });

  it('the question of Ctrl+C', async () => {
    const text = await screenText(typed(wizardOn('options', { size, isPractice: true }), '\u{3}'));
    if (is('80x24'))
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0                                  practice server, not SQL Server
         Step 5 of 8  Leave
         ──────────────────────────────────────────────────────────────────────────────
           Leave the wizard? Nothing has been changed.

         > Stay   go on with the questions
           Leave  end the practice












         ──────────────────────────────────────────────────────────────────────────────


         Enter choose   Esc back   Up/Down choose   Ctrl+C quit"
      `);
    else
      expect(text).toMatchInlineSnapshot(`
        " storedb 1.0.0              practice server, not SQL Server
         Step 5 of 8  Leave
         ──────────────────────────────────────────────────────────
           Leave the wizard? Nothing has been changed.

         > Stay   go on with the questions
           Leave  end the practice









         ──────────────────────────────────────────────────────────

         Enter choose   Esc back   Up/Down choose   Ctrl+C quit"
      `);
  });
});
