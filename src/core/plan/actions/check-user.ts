import { checkUser, registerRole } from '../access.ts';
import type { Action } from '../plan.ts';
import { type Situation, targetOf } from '../situation.ts';
import { planned } from './target.ts';

/**
 * A user that nobody can sign in as, with the register role: so that the rights of the role can be asked as somebody
 * who has it. Windows groups cannot be impersonated.
 */
export function checkUserAction(situation: Situation): readonly Action[] {
  const access = situation.contents?.access;
  if (access?.known && access.value.hasCheckUser) return [];
  const prefix = situation.side === 'store' ? 'store:' : '';
  return [
    {
      id: `${prefix}check-user`,
      kind: 'run-batches',
      title: `Make the user ${checkUser}, as which rights are checked`,
      risk: 'creates',
      need: 'optional',
      target: targetOf(situation),
      batches: [
        planned(
          `IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE LOWER(name) = N'${checkUser}') CREATE USER [${checkUser}] WITHOUT LOGIN;`,
        ),
        planned(`EXEC sp_addrolemember N'${registerRole}', N'${checkUser}';`),
      ],
      hint: 'Nothing to do: storedb verify then tells that it could not check the rights of the role.',
    },
  ];
}
