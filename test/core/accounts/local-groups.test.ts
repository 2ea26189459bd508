import { describe, expect, it } from 'vitest';
import { type CreateLocalGroup, createLocalGroup } from '../../../src/core/accounts/create-local-group.ts';
import { joinSyncGroup } from '../../../src/core/accounts/join-sync-group.ts';
import type { LocalGroupName, LocalGroups } from '../../../src/core/accounts/local-groups.ts';
import { ExpectedError } from '../../../src/core/errors.ts';
import { type DetectedServer, known, unknown } from '../../../src/core/plan/detected.ts';
import type { OperationContext, Outcome } from '../../../src/core/plan/operation.ts';
import type { Action } from '../../../src/core/plan/plan.ts';
import { planStoreDatabase } from '../../../src/core/plan/planner.ts';
import { answers, existing, finishedContents, pack, server } from '../plan/detections.ts';

function groupsWith(there: LocalGroupName[], change: Partial<LocalGroups> = {}): LocalGroups {
  return {
    computer: 'SRV01',
    has: async (name) => there.includes(name),
    make: async ({ name }) => void there.push(name),
    addService: async () => undefined,
    ...change,
  };
}

const administratorNeeded = new ExpectedError({
  code: 'administrator-needed',
  exit: 'prerequisite',
  message: 'Only an administrator may create the local group POSUsers.',
  hint: 'x',
});

describe('making a local group', () => {
  const operation: CreateLocalGroup = { kind: 'create-local-group', group: 'POSUsers' };
  async function perform(groups: LocalGroups) {
    let changes = 0;
    const hasChanged = () => {
      changes += 1;
    };
    const context = { localGroups: groups, hasChanged } as unknown as OperationContext;
    const steps = createLocalGroup(operation, context);
    let step = await steps.next();
    while (!step.done) step = await steps.next();
    const outcome: Outcome = step.value;
    return { ...outcome, changes };
  }

  it('makes it, and says whose accounts belong into it and how', async () => {
    const there: LocalGroupName[] = [];
    expect(await perform(groupsWith(there))).toEqual({
      outcome: 'done',
      changes: 1,
      finding: {
        code: 'group-empty',
        message: 'The new local group POSUsers has no members yet.',
        hint: 'Put the Windows accounts that run POS into it, for each: net localgroup POSUsers DOMAIN\\ACCOUNT /add',
      },
    });
    expect(there).toEqual(['POSUsers']);
  });

  it('leaves one that is there as it is', async () => {
    expect(await perform(groupsWith(['POSUsers']))).toEqual({ outcome: 'skipped', changes: 0 });
  });

  it.each([
    [
      'an administrator is needed',
      groupsWith([], {
        make: async () => {
          throw administratorNeeded;
        },
      }),
      'administrator-needed',
    ],
    [
      'Windows takes it and knows nothing of it after',
      groupsWith([], { make: async () => undefined }),
      'group-not-made',
    ],
  ])('says what an administrator has to run when %s', async (_when, groups, code) => {
    const { outcome, finding, changes } = await perform(groups);
    expect({ outcome, changes, code: finding?.code }).toEqual({ outcome: 'warning', changes: 0, code });
    expect(finding?.hint).toContain(
      'net localgroup POSUsers /add /comment:"May use the retail databases at the point of sale"',
    );
  });
});

describe('the account of a service', () => {
  const service = 'storedb-houston-1';

  it('joins the group that SQL Server lets in, where there is one', async () => {
    const joined: string[] = [];
    const addService: LocalGroups['addService'] = async (name, who) => void joined.push(`${who} ${name}`);
    expect(await joinSyncGroup(groupsWith([], { addService }), service)).toEqual([]);
    expect(joined).toEqual([]);
    expect(await joinSyncGroup(groupsWith(['RetailOfflineSyncUsers'], { addService }), service)).toEqual([]);
    expect(joined).toEqual(['storedb-houston-1 RetailOfflineSyncUsers']);
  });

  it('works without, and what an administrator can do is told', async () => {
    const addService: LocalGroups['addService'] = async () => {
      throw administratorNeeded;
    };
    const findings = await joinSyncGroup(groupsWith(['RetailOfflineSyncUsers'], { addService }), service);
    expect(findings).toMatchObject([
      {
        code: 'administrator-needed',
        hint: expect.stringContaining(
          'net localgroup RetailOfflineSyncUsers "NT SERVICE\\storedb-houston-1" /add',
        ),
      },
    ]);
  });
});

describe('the groups in a plan', () => {
  const plan = (localGroups: DetectedServer['localGroups'], hasAccess = false): readonly Action[] => {
    const groups = ['SRV01\\POSUsers', 'SRV01\\RetailOfflineSyncUsers'].map((account) => ({
      account,
      hasLogin: hasAccess,
      hasUser: hasAccess,
      isMember: hasAccess,
    }));
    const { access } = finishedContents;
    const detected = existing({ access: access.known ? known({ ...access.value, groups }) : access });
    return planStoreDatabase(answers, { ...detected, server: { ...server, localGroups } }, pack).actions;
  };
  const ids = (actions: readonly Action[]) => actions.map(({ id }) => id);

  it('are made and let in where storedb runs on the computer of the server', () => {
    const actions = plan(known([]));
    expect(ids(actions)).toEqual([
      'group:store:POSUsers',
      'group-login',
      'group-user',
      'verify:group-user',
      'group:store:RetailOfflineSyncUsers',
      'sync-group-login',
      'sync-group-user',
      'verify:sync-group-user',
    ]);
    expect(actions[0]).toMatchObject({
      title: 'Create the local Windows group POSUsers on SRV01',
      risk: 'creates',
      need: 'optional',
      describes: [
        'net localgroup POSUsers /add /comment:"May use the retail databases at the point of sale"',
        '(undo: net localgroup POSUsers /delete)',
      ],
    });
  });

  it('are only let in where they are there', () => {
    expect(ids(plan(known(['POSUsers', 'RetailOfflineSyncUsers'])))).toEqual([
      'group-login',
      'group-user',
      'verify:group-user',
      'sync-group-login',
      'sync-group-user',
      'verify:sync-group-user',
    ]);
  });

  it('are nothing to do when all is done', () => {
    expect(plan(known(['POSUsers', 'RetailOfflineSyncUsers']), true)).toEqual([]);
  });

  it('are left to an administrator elsewhere, with the commands', () => {
    const actions = plan(unknown('storedb runs elsewhere'));
    expect(ids(actions)).toEqual(['group-login', 'group-user', 'verify:group-user']);
    expect(actions[0]).toMatchObject({
      hint: expect.stringMatching(/SRV01 run there: net localgroup POSUsers \/add .* DOMAIN\\ACCOUNT \/add/),
    });
  });
});
