import { describe, expect, it } from 'vitest';
import { localGroups } from '../../../src/core/accounts/local-groups.ts';
import { type LocalGroupCalls, windowsLocalGroups } from '../../../src/core/windows/local-groups.ts';
import { WindowsError } from '../../../src/core/windows/windows-error.ts';

const [posUsers] = localGroups;

/** A computer with some accounts, by the kind that Windows gives each (1 user, 4 local group, 5 one of Windows itself). */
function computer(accounts: Record<string, number>, addError = 0) {
  const calls: LocalGroupCalls = {
    add: (name) => {
      if (addError === 0) accounts[`REG01\\${name}`] = 4;
      return addError;
    },
    addMember: () => addError,
    kindOf: (account) => {
      const kind = accounts[account];
      if (kind === undefined) throw new WindowsError('LookupAccountNameW', 1332);
      return kind;
    },
  };
  return windowsLocalGroups(async () => calls, 'REG01');
}

describe('the local groups of a Windows computer', () => {
  it('are there when Windows knows an account of that name that is a group', async () => {
    expect(await computer({}).has('POSUsers')).toBe(false);
    expect(await computer({ 'REG01\\POSUsers': 1 }).has('POSUsers')).toBe(false);
    expect(await computer({ 'REG01\\POSUsers': 4 }).has('POSUsers')).toBe(true);
    expect(await computer({ 'OTHER\\POSUsers': 4 }).has('POSUsers')).toBe(false);
  });

  it('are made, and a second time is no failure', async () => {
    const groups = computer({});
    await groups.make(posUsers!);
    expect(await groups.has('POSUsers')).toBe(true);
    for (const error of [2223, 1379]) await computer({}, error).make(posUsers!);
  });

  it('are made by administrators alone', async () => {
    await expect(computer({}, 5).make(posUsers!)).rejects.toMatchObject({
      code: 'administrator-needed',
      message: 'Only an administrator may create the local group POSUsers.',
    });
    await expect(computer({}, 2202).make(posUsers!)).rejects.toMatchObject({
      code: 'windows-refused',
      details: { call: 'NetLocalGroupAdd', number: 2202 },
    });
  });

  it('take the account of a service, and a second time is no failure', async () => {
    for (const error of [0, 1378])
      await computer({}, error).addService('RetailOfflineSyncUsers', 'storedb-x');
    await expect(computer({}, 5).addService('RetailOfflineSyncUsers', 'storedb-x')).rejects.toMatchObject({
      code: 'administrator-needed',
      message:
        'Only an administrator may put the service storedb-x into the local group RetailOfflineSyncUsers.',
    });
  });

  it('are not looked for in vain where Windows fails', async () => {
    const groups = windowsLocalGroups(
      async () => ({
        add: () => 0,
        addMember: () => 0,
        kindOf: () => {
          throw new WindowsError('LookupAccountNameW', 1722);
        },
      }),
      'REG01',
    );
    await expect(groups.has('POSUsers')).rejects.toMatchObject({ code: 'windows-refused' });
  });
});
