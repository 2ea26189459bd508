import { registerRole } from '../plan/access.ts';
import { planned, type Target } from '../plan/actions/target.ts';
import type { GroupAccess } from '../plan/detected.ts';
import type { Action } from '../plan/plan.ts';
import type { Situation } from '../plan/situation.ts';
import { quoteName, quoteString } from '../sql/identifiers.ts';
import { groupAccount, groupCommand, type LocalGroup, localGroups } from './local-groups.ts';

/**
 * On a Windows server the local groups of the product get a login and the register role. Where storedb runs on that
 * same computer it makes them first; elsewhere only an administrator there can, and the accounts of the synchronisation
 * sign in with a SQL login.
 *
 * Nobody can be a group: EXECUTE AS takes no group
 * (https://learn.microsoft.com/sql/t-sql/statements/execute-as-transact-sql). What the role may do is asked as the user
 * `storedb_check`, and of the group that it has the role.
 */
export function groupActions(situation: Situation, target: Target): readonly Action[] {
  const { identity, localGroups: here } = situation.detected.server;
  const computer = identity.machineName;
  if (!identity.isWindows || computer === undefined) return [];
  const access = situation.contents?.access;
  return localGroups.flatMap((group) => {
    const account = groupAccount(computer, group.name);
    const now = access?.known ? access.value.groups.find((each) => each.account === account) : undefined;
    // The group of POS was always asked for; that of the synchronisation only where it can be there.
    if (!here.known && group.name !== 'POSUsers' && !now?.hasLogin) return [];
    const isMissing = here.known && !here.value.includes(group.name);
    return [
      ...(isMissing ? [makeGroup(group, computer, target, situation.side)] : []),
      ...letIn(group, computer, now, target),
    ];
  });
}

function makeGroup(
  { name, comment }: LocalGroup,
  computer: string,
  target: Target,
  side: Situation['side'],
): Action {
  return {
    id: `group:${side}:${name}`,
    kind: 'operation',
    title: `Create the local Windows group ${name} on ${computer}`,
    risk: 'creates',
    need: 'optional',
    target,
    operation: { kind: 'create-local-group', group: name },
    describes: [groupCommand.add(name, comment), `(undo: ${groupCommand.remove(name)})`],
  };
}

function letIn(
  { name: groupName, comment, members }: LocalGroup,
  computer: string,
  now: GroupAccess | undefined,
  target: Target,
): readonly Action[] {
  const account = groupAccount(computer, groupName);
  const hint = `Have an administrator of ${computer} run there: ${groupCommand.add(groupName, comment)} and, for each Windows account ${members}: ${groupCommand.addMember(groupName)} Then run this again. Who signs in with a SQL login does not need it.`;
  const common = { risk: 'changes', need: 'optional', target, hint } as const;
  const prefix = groupName === 'POSUsers' ? 'group' : 'sync-group';
  const text = quoteString(account);
  const name = quoteName(account);
  const actions: Action[] = [];
  if (!now?.hasLogin) {
    actions.push({
      ...common,
      id: `${prefix}-login`,
      kind: 'run-batches',
      title: `Let the Windows group ${account} sign in`,
      within: 'master',
      batches: [planned(`IF SUSER_ID(${text}) IS NULL CREATE LOGIN ${name} FROM WINDOWS;`)],
    });
  }
  if (!now?.hasUser || !now.isMember) {
    actions.push(
      {
        ...common,
        id: `${prefix}-user`,
        kind: 'run-batches',
        title: `Give ${account} the role ${registerRole}`,
        batches: [
          planned(`IF USER_ID(${text}) IS NULL CREATE USER ${name} FOR LOGIN ${name};`),
          planned(`EXEC sp_addrolemember N'${registerRole}', ${text};`),
        ],
      },
      {
        ...common,
        id: `verify:${prefix}-user`,
        kind: 'verify',
        title: `Check that ${account} has the role ${registerRole}`,
        check: planned(`SELECT CASE WHEN EXISTS (
  SELECT 1 FROM sys.database_role_members AS d
  JOIN sys.database_principals AS r ON r.principal_id = d.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = d.member_principal_id
  WHERE LOWER(r.name) = N'${registerRole}' AND LOWER(m.name) = LOWER(${text})
) THEN 1 ELSE 0 END AS ok`),
        expected: `${account} has the role ${registerRole}`,
      },
    );
  }
  return actions;
}
