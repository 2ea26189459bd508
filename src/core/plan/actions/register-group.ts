import { quoteName, quoteString } from '../../sql/identifiers.ts';
import { registerGroupName, registerRole } from '../access.ts';
import { registerGroup } from '../detect/index.ts';
import type { Action } from '../plan.ts';
import type { Situation } from '../situation.ts';
import { planned, type Target } from './target.ts';

/** On a Windows server the local group of the POS accounts gets a login and the register role. */
export function registerGroupAccess({ detected, contents }: Situation, target: Target): readonly Action[] {
  const group = registerGroup(detected.server.identity);
  if (group === undefined) return [];
  const now = contents?.access.known ? contents.access.value.registerGroup : undefined;
  const machine = group.slice(0, group.indexOf('\\'));
  const hint = `Create the local group ${registerGroupName} on ${machine}, put the accounts of the registers into it, and run this again. Registers that sign in otherwise do not need it.`;
  const common = { risk: 'changes', need: 'optional', target, hint } as const;
  const text = quoteString(group);
  const name = quoteName(group);
  const actions: Action[] = [];
  if (!now?.hasLogin) {
    actions.push({
      ...common,
      id: 'group-login',
      kind: 'run-batches',
      title: `Let the Windows group ${group} sign in`,
      within: 'master',
      batches: [planned(`IF SUSER_ID(${text}) IS NULL CREATE LOGIN ${name} FROM WINDOWS;`)],
    });
  }
  if (!now?.hasUser || !now.isMember) {
    actions.push(
      {
        ...common,
        id: 'group-user',
        kind: 'run-batches',
        title: `Give ${group} the role ${registerRole}`,
        batches: [
          planned(`IF USER_ID(${text}) IS NULL CREATE USER ${name} FOR LOGIN ${name};`),
          planned(`EXEC sp_addrolemember N'${registerRole}', ${text};`),
        ],
      },
      {
        ...common,
        id: 'verify:group-user',
        kind: 'verify',
        title: `Check that ${group} has the role ${registerRole}`,
        check: planned(`SELECT CASE WHEN EXISTS (
  SELECT 1 FROM sys.database_role_members AS d
  JOIN sys.database_principals AS r ON r.principal_id = d.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = d.member_principal_id
  WHERE LOWER(r.name) = N'${registerRole}' AND LOWER(m.name) = LOWER(${text})
) THEN 1 ELSE 0 END AS ok`),
        expected: `${group} has the role ${registerRole}`,
      },
    );
  }
  return actions;
}
