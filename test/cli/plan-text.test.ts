import { describe, expect, it } from 'vitest';
import { planAsSql } from '../../src/cli/plan-text.ts';
import type { Action, Plan } from '../../src/core/plan/index.ts';

const target = { role: 'store', server: 'SRV01', database: 'PO]S' } as const;
const common = { target, risk: 'changes', need: 'necessary' } as const;
const line = 0;
const actions: readonly Action[] = [
  {
    ...common,
    id: 'create-database',
    kind: 'create-database',
    title: 'Create the database PO]S',
    batches: [{ sql: 'CREATE DATABASE [PO]]S];', line }],
  },
  {
    ...common,
    id: 'script:a.sql',
    kind: 'run-script',
    title: 'Run the script a.sql',
    script: { pack: 'builtin', id: 'a.sql', version: '6.2', sha256: 'abc', isTransactional: true },
    batches: [
      { sql: 'CREATE TABLE dbo.A (ID int);\n', line: 1 },
      { sql: 'CREATE VIEW dbo.V AS SELECT ID FROM dbo.A', line: 4 },
    ],
  },
  {
    ...common,
    id: 'group-login',
    kind: 'run-batches',
    need: 'optional',
    title: 'Let the group\nsign in',
    within: 'master',
    batches: [{ sql: 'CREATE LOGIN [SRV01\\POSUsers] FROM WINDOWS;', line }],
  },
  {
    ...common,
    id: 'verify:a',
    kind: 'verify',
    title: 'Check it',
    check: { sql: 'SELECT 1 AS ok', line },
    expected: 'it is so',
  },
  {
    ...common,
    id: 'record:b.sql',
    kind: 'record-script',
    title: 'Note that b.sql has run already',
    script: { pack: 'builtin', id: 'b.sql', version: '6.2', sha256: 'abc', isTransactional: true },
    batches: [],
  },
];
const plan: Plan = {
  task: 'store-database',
  purpose: 'create',
  target,
  targets: [target],
  facts: [],
  isPracticeServer: false,
  actions,
  warnings: [],
  fingerprint: '',
};

describe('the plan as T-SQL', () => {
  it('says in which database each action works, and ends every batch with GO', () => {
    expect(planAsSql(plan)).toMatchInlineSnapshot(`
      "-- What storedb does on SRV01 / PO]S.
      -- Not in here, because they are storedb's own: the entries of its journal and the transactions around scripts.
      -- Run by hand (sqlcmd -x -i FILE), nothing is undone when a script fails half-way, and storedb does not know
      -- afterwards which scripts have run.
      SET QUOTED_IDENTIFIER ON; SET ANSI_NULLS ON;
      GO

      -- 1. Create the database PO]S
      USE [master];
      GO
      CREATE DATABASE [PO]]S];
      GO

      -- 2. Run the script a.sql
      USE [PO]]S];
      GO
      CREATE TABLE dbo.A (ID int);
      GO
      CREATE VIEW dbo.V AS SELECT ID FROM dbo.A
      GO

      -- 3. Let the group sign in (optional: may fail)
      USE [master];
      GO
      CREATE LOGIN [SRV01\\POSUsers] FROM WINDOWS;
      GO

      -- 4. Check it
      USE [PO]]S];
      GO
      SELECT 1 AS ok
      GO

      -- 5. Note that b.sql has run already
      -- Only an entry in the journal.

      "
    `);
  });

  it('says at its head what storedb keeps to itself', () => {
    const [head] = planAsSql(plan).split('GO');
    expect(head).toMatch(/journal/);
    expect(head).toMatch(/transactions/);
  });

  it('lets nothing in a title leave its comment', () => {
    expect(planAsSql(plan)).toContain('-- 3. Let the group sign in');
  });
});
