import { describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import type { RunEvent } from '../../../src/core/plan/events.ts';
import type { DeployerLock } from '../../../src/core/plan/lock.ts';
import type { Action, DatabaseTarget, Plan } from '../../../src/core/plan/plan.ts';
import { applyPlan } from '../../../src/core/plan/runner.ts';
import { locksOf, serversOf } from '../../../src/core/plan/servers.ts';
import type { RunPorts } from '../../../src/core/plan/work.ts';
import type { PosFiles } from '../../../src/core/pos/pos-files.ts';
import { connectionLost, failure, type Respond, ScriptedServer } from './scripted-server.ts';
import { noPosFiles } from './store-runs.ts';

const target: DatabaseTarget = { role: 'store', server: 'SRV01', database: 'POS' };
const common = { target, risk: 'changes', need: 'necessary' } as const;

function scriptAction(id: string, ...batches: readonly string[]): Action {
  return {
    ...common,
    id: `script:${id}`,
    title: `Run the script ${id}`,
    kind: 'run-script',
    script: { pack: 'builtin', id, version: '6.2', sha256: 'abc', isTransactional: true },
    batches: batches.map((sql, index) => ({ sql, line: 10 * (index + 1) })),
  };
}

function optional(id: string, batches: readonly string[], otherwise?: readonly string[]): Action {
  return {
    ...common,
    id,
    title: `Do ${id}`,
    need: 'optional',
    kind: 'run-batches',
    batches: batches.map((sql) => ({ sql, line: 0 })),
    ...(otherwise && { otherwise: otherwise.map((sql) => ({ sql, line: 0 })) }),
    hint: 'Ask somebody.',
  };
}

const check = (id: string): Action => ({
  ...common,
  id: `verify:${id}`,
  title: `Check ${id}`,
  need: 'optional',
  kind: 'verify',
  check: { sql: `CHECK ${id}`, line: 0 },
  expected: `${id} is so`,
});

const planOf = (...actions: readonly Action[]): Plan => ({
  task: 'store-database',
  purpose: 'create',
  target,
  targets: [target],
  facts: [],
  isPracticeServer: false,
  actions,
  warnings: [],
  fingerprint: '',
});

async function run(
  plan: Plan,
  respond: Respond,
  options: {
    readonly signal?: AbortSignal;
    readonly lock?: DeployerLock;
    readonly posFiles?: PosFiles;
    readonly onEvent?: (event: RunEvent) => void;
  } = {},
) {
  const server = new ScriptedServer(respond);
  const session = server.open('POS');
  const waits: number[] = [];
  const ports: RunPorts = {
    servers: serversOf(
      new Map([
        [
          'store',
          {
            open: async () => session,
            connect: async () => session,
            prepare: () => undefined,
            close: async () => undefined,
          },
        ],
      ]),
    ),
    posFiles: options.posFiles ?? noPosFiles,
    localGroups: undefined,
    serviceAccountPassword: undefined,
    initialData: undefined,
    jobs: [],
    syncInput: undefined,
    machine: undefined,
    serviceSecrets: undefined,
    clock: {
      now: () => new Date(0),
      elapsed: () => 0,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
      },
    },
    operator: { host: 'PC', osUser: "o'neil", toolVersion: '1.0.0' },
    runId: '00000000-0000-0000-0000-000000000001',
    locks: locksOf(
      new Map([['store', options.lock ?? { assertHeld: () => undefined, release: async () => undefined }]]),
    ),
  };
  const events: RunEvent[] = [];
  for await (const event of applyPlan(plan, ports, options.signal ?? new AbortController().signal)) {
    events.push(event);
    options.onEvent?.(event);
  }
  const last = events.at(-1);
  if (last?.kind !== 'run-finished') throw new Error('A run ends with run-finished.');
  expect(events.filter(({ kind }) => kind === 'run-finished')).toHaveLength(1);
  const outcomes = events.flatMap((event) =>
    event.kind === 'action-finished' ? [`${event.id} ${event.outcome}`] : [],
  );
  return { events, last, outcomes, sent: server.sent, waits };
}

describe('a run', () => {
  it('sends a script as: the started row and the transaction, its batches as they are, the done row and the commit', async () => {
    const { sent, last } = await run(
      planOf(scriptAction('a.sql', 'CREATE TABLE a', 'CREATE TABLE b')),
      () => undefined,
    );
    expect(sent).toHaveLength(4);
    expect(sent[0]).toMatch(
      /XACT_ABORT ON[\s\S]*INSERT INTO \[storedb\]\.\[Journal\][\s\S]*N'o''neil'[\s\S]*N'started'[\s\S]*BEGIN TRANSACTION;$/,
    );
    expect(sent.slice(1, 3)).toEqual(['CREATE TABLE a', 'CREATE TABLE b']);
    expect(sent[3]).toMatch(/@@TRANCOUNT <> 1[\s\S]*Outcome = 'done'[\s\S]*COMMIT TRANSACTION;/);
    expect(last).toMatchObject({ exit: 'done', summary: 'Store database creation was successful.' });
  });

  it('opens no transaction for a script that must not have one', async () => {
    const action = scriptAction('a.sql', 'CREATE FULLTEXT CATALOG c');
    if (action.kind !== 'run-script') throw new Error('not a script');
    const { sent } = await run(
      planOf({ ...action, script: { ...action.script, isTransactional: false } }),
      () => undefined,
    );
    expect(sent.join('\n')).not.toMatch(/BEGIN TRANSACTION|COMMIT/);
    expect(sent.at(-1)).toContain('@@TRANCOUNT <> 0');
  });

  it('names file and line of an error, counted from where the batch begins in the script', async () => {
    const { last, outcomes, sent } = await run(
      planOf(scriptAction('6.2/a.sql', 'CREATE TABLE a', 'CREATE TABLE b')),
      (sql) =>
        sql === 'CREATE TABLE b' ? failure(2714, "There is already an object named 'b'.", 3) : undefined,
    );
    expect(last).toMatchObject({
      exit: 'failedPartWay',
      failure: { code: 'script-failed', details: { number: 2714 } },
    });
    expect(last.summary).toMatch(/^6\.2\/a\.sql:22: .*already an object named 'b'/);
    expect(outcomes).toEqual(['script:6.2/a.sql failed']);
    expect(sent.at(-1)).toMatch(/ROLLBACK TRANSACTION;[\s\S]*Outcome = 'failed', ErrorNumber = 2714/);
  });

  it('says "nothing was changed" only when nothing was', async () => {
    const create: Action = {
      ...common,
      id: 'create-database',
      title: 'Create',
      kind: 'create-database',
      batches: [{ sql: 'CREATE DATABASE POS', line: 0 }],
    };
    const refused = await run(planOf(create), () => failure(262, 'CREATE DATABASE permission denied'));
    expect(refused.last.exit).toBe('prerequisite');
    const lost = await run(planOf(create), () => connectionLost());
    expect(lost.last.exit).toBe('failedPartWay');
  });

  it('tries a deadlock victim again with growing waits, and gives up in the end', async () => {
    let times = 0;
    const passing = await run(planOf(scriptAction('a.sql', 'X')), (sql) =>
      sql === 'X' && ++times <= 2 ? failure(1205) : undefined,
    );
    expect(passing.last.exit).toBe('done');
    expect(passing.waits).toEqual([500, 1000]);
    const staying = await run(planOf(scriptAction('a.sql', 'X')), (sql) =>
      sql === 'X' ? failure(1205) : undefined,
    );
    expect(staying.last.exit).toBe('failedPartWay');
    expect(staying.waits).toEqual([500, 1000, 2000]);
  });

  it('refuses a script that ends its own transaction, at the batch that did', async () => {
    const { last } = await run(planOf(scriptAction('a.sql', 'COMMIT')), (sql) =>
      sql.includes('AS depth') ? [{ depth: 0 }] : undefined,
    );
    expect(last.summary).toContain('a.sql:10: the batch ended the transaction');
    expect(last.failure?.code).toBe('script-ended-transaction');
  });

  it('turns a failed optional action into one warning, without asking whether it is so, and goes on', async () => {
    const { outcomes, last, sent } = await run(
      planOf(optional('grant', ['GRANT', 'OTHER']), check('grant'), scriptAction('a.sql', 'X')),
      (sql) => (sql === 'GRANT' ? failure(15151, 'Cannot find the user') : undefined),
    );
    expect(outcomes).toEqual(['grant warning', 'verify:grant warning', 'script:a.sql done']);
    expect(sent).toContain('OTHER');
    expect(last).toMatchObject({ exit: 'done', summary: expect.stringContaining('One warning') });
  });

  it('falls back to the other way of an action and then checks that it really worked', async () => {
    const plan = planOf(optional('grant', ['GRANT'], ['GRANT ONE BY ONE']), check('grant'));
    const respond =
      (ok: number): Respond =>
      (sql) =>
        sql === 'GRANT' ? failure(33557097) : sql.startsWith('CHECK') ? [{ ok }] : undefined;
    expect((await run(plan, respond(1))).outcomes).toEqual(['grant done', 'verify:grant done']);
    const unconfirmed = await run(plan, respond(0));
    expect(unconfirmed.outcomes).toEqual(['grant done', 'verify:grant warning']);
  });

  it('names what did not work and what was not confirmed, with the next step', async () => {
    const findings = async (respond: Respond) => {
      const codes: unknown[] = [];
      await run(planOf(optional('grant', ['GRANT']), check('other')), respond, {
        onEvent: (event) => {
          if (event.kind === 'action-finished' && event.finding) codes.push(event.finding);
        },
      });
      return codes;
    };
    expect(await findings((sql) => (sql === 'GRANT' ? failure(15151) : [{ ok: 0 }]))).toMatchObject([
      { code: 'optional-failed', hint: 'Ask somebody.' },
      { code: 'not-verified', message: expect.stringContaining('other is so') },
    ]);
  });

  it('stops where a necessary check does not hold', async () => {
    const necessary: Action = { ...check('grant'), need: 'necessary' };
    const { last, sent } = await run(
      planOf(scriptAction('a.sql', 'X'), necessary, scriptAction('b.sql', 'Y')),
      (sql) => (sql.startsWith('CHECK') ? [{ ok: 0 }] : undefined),
    );
    expect(sent).not.toContain('Y');
    expect(last).toMatchObject({ exit: 'failedPartWay', failure: { code: 'not-verified' } });
  });

  it('writes down what the engine cannot do, but not what only failed today', async () => {
    const refusals = async (number: number) =>
      (
        await run(planOf(optional('options', ['ALTER'])), (sql) =>
          sql === 'ALTER' ? failure(number) : undefined,
        )
      ).sent.filter((sql) => sql.includes("N'action:options'"));
    expect(await refusals(33557097)).toHaveLength(1);
    expect(await refusals(15401)).toHaveLength(0);
  });

  it('gives its locks back before what is done afterwards, and writes no journal there', async () => {
    const order: string[] = [];
    const { sent } = await run(
      planOf(scriptAction('a.sql', 'X'), {
        ...common,
        id: 'later',
        title: 'Later',
        kind: 'operation',
        operation: {
          kind: 'write-pos-config',
          path: 'POS.exe.config',
          settings: {
            StoreDatabaseConnectionString: '',
            OfflineDatabaseConnectionString: '',
            StoreId: '',
            TerminalId: '',
            DATAAREAID: '',
          },
          sha256: '',
        },
        describes: [],
        isAfterwards: true,
      }),
      () => undefined,
      {
        lock: { assertHeld: () => undefined, release: async () => void order.push('released') },
        posFiles: {
          ...noPosFiles,
          read: async () => {
            order.push('at work');
            return undefined;
          },
        },
      },
    );
    expect(order).toEqual(['released', 'at work']);
    expect(sent.join('\n')).not.toContain('operation:later');
  });

  it('stops before the next batch when the lock is lost', async () => {
    let held = true;
    const lock: DeployerLock = {
      assertHeld: () => {
        if (!held)
          throw new ExpectedError({
            code: 'lock-lost',
            exit: 'failedPartWay',
            message: 'lost',
            hint: 'again',
          });
      },
      release: async () => undefined,
    };
    const { sent, last } = await run(
      planOf(scriptAction('a.sql', 'X', 'Y')),
      (sql) => {
        if (sql === 'X') held = false;
        return undefined;
      },
      { lock },
    );
    expect(sent).not.toContain('Y');
    expect(sent.at(-1)).toContain('ROLLBACK TRANSACTION');
    expect(last).toMatchObject({ exit: 'failedPartWay', failure: { code: 'lock-lost' } });
  });

  it('cancelled between batches rolls back and can be continued', async () => {
    const controller = new AbortController();
    const { sent, last } = await run(planOf(scriptAction('a.sql', 'X', 'Y')), () => undefined, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'action-progress') controller.abort();
      },
    });
    expect(sent).not.toContain('Y');
    expect(sent.at(-1)).toMatch(/ROLLBACK TRANSACTION;[\s\S]*Outcome = 'cancelled'/);
    expect(last.exit).toBe('cancelledDuring');
  });

  it('cancelled before the first action has changed nothing', async () => {
    const { sent, last } = await run(planOf(scriptAction('a.sql', 'X')), () => undefined, {
      signal: AbortSignal.abort(),
    });
    expect(sent).toEqual([]);
    expect(last.exit).toBe('cancelledBefore');
  });

  it('throws what is a bug', async () => {
    await expect(
      run(planOf(scriptAction('a.sql', 'X')), (sql) => (sql === 'X' ? new TypeError('oops') : undefined)),
    ).rejects.toThrow('oops');
  });

  it('says that a practice server is not the real thing, also when it fails', async () => {
    const plan = { ...planOf(scriptAction('a.sql', 'X')), isPracticeServer: true };
    const { last } = await run(plan, (sql) => (sql === 'X' ? failure(208) : undefined));
    expect(last.summary).toContain('practice server, not SQL Server');
  });
});
