import { executorRole, missingTableGrants, registerMemberships, registerRole } from '../access.ts';
import type { AccessState } from '../detected.ts';
import type { Action } from '../plan.ts';
import type { Situation } from '../situation.ts';
import { planned, type Target } from './target.ts';

/**
 * The roles through which registers and the sync service work. Failures of this were only logged once, and
 * "successful" databases were unusable: each is checked, and said aloud when it is not so.
 */
export function roles(situation: Situation, target: Target): readonly Action[] {
  const access = situation.contents?.access;
  const now = access?.known ? access.value : undefined;
  return [...executor(now, target), ...register(now, target)];
}

function createRole(role: string): string {
  return `IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE LOWER(name) = N'${role}') CREATE ROLE [${role}] AUTHORIZATION [dbo];`;
}

function executor(now: AccessState | undefined, target: Target): readonly Action[] {
  if (now?.hasExecutorRole && now.executorMayExecute) return [];
  const hint = `Grant EXECUTE on the procedures that POS calls to ${executorRole} by hand.`;
  const common = { risk: 'changes', need: 'optional', target, hint } as const;
  return [
    {
      ...common,
      id: 'role-executor',
      kind: 'run-batches',
      title: `Create the role ${executorRole} and let it execute`,
      batches: [planned(createRole(executorRole)), planned(`GRANT EXECUTE TO [${executorRole}];`)],
    },
    {
      ...common,
      id: 'verify:role-executor',
      kind: 'verify',
      title: `Check that ${executorRole} may execute`,
      check: planned(`SELECT CASE WHEN EXISTS (
  SELECT 1 FROM sys.database_permissions AS p JOIN sys.database_principals AS g ON g.principal_id = p.grantee_principal_id
  WHERE p.class = 0 AND p.type = 'EX' AND p.state IN ('G', 'W') AND LOWER(g.name) = N'${executorRole}'
) THEN 1 ELSE 0 END AS ok`),
      expected: `${executorRole} may execute procedures`,
    },
  ];
}

/** Whether the register role can read and write, by its memberships or by grants on every table. */
function mayReadAndWrite(access: AccessState): boolean {
  const isMember = ['db_datareader', 'db_datawriter'].every((role) =>
    access.registerMemberships.includes(role),
  );
  return isMember || access.tablesWithoutDirectGrants === 0;
}

function register(now: AccessState | undefined, target: Target): readonly Action[] {
  const missing = registerMemberships.filter((role) => !now?.registerMemberships.includes(role));
  const isMissingExecutor = missing.includes(executorRole);
  if (now?.hasRegisterRole && mayReadAndWrite(now) && !isMissingExecutor) return [];
  const hint = `Give the accounts of the registers read, write and execute rights by hand.`;
  const common = { risk: 'changes', need: 'optional', target, hint } as const;
  const join = (role: string) => planned(`EXEC sp_addrolemember N'${role}', N'${registerRole}';`);
  return [
    {
      ...common,
      id: 'role-register',
      kind: 'run-batches',
      title: `Create the role ${registerRole} for registers and the sync service`,
      batches: [planned(createRole(registerRole)), ...missing.map(join)],
      // Some engines have no members of fixed roles: every table is granted by itself then.
      otherwise: [
        planned(createRole(registerRole)),
        planned(grantTables),
        ...(isMissingExecutor ? [join(executorRole)] : []),
      ],
    },
    {
      ...common,
      id: 'verify:role-register',
      kind: 'verify',
      title: `Check that ${registerRole} may read and write`,
      check: planned(`SELECT CASE WHEN 2 = (
  SELECT COUNT(*) FROM sys.database_role_members AS d
  JOIN sys.database_principals AS r ON r.principal_id = d.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = d.member_principal_id
  WHERE LOWER(m.name) = N'${registerRole}' AND LOWER(r.name) IN (N'db_datareader', N'db_datawriter')
) OR NOT EXISTS (SELECT 1 FROM (${missingTableGrants}) AS missing) THEN 1 ELSE 0 END AS ok`),
      expected: `${registerRole} may read and write every table`,
    },
  ];
}

const grantTables = `DECLARE @grants nvarchar(max);
SET @grants = N'';
SELECT @grants = @grants + N'GRANT SELECT, INSERT, UPDATE, DELETE ON ' + QUOTENAME(SCHEMA_NAME(t.schema_id)) + N'.' + QUOTENAME(t.name) + N' TO [${registerRole}];'
FROM (${missingTableGrants}) AS t;
EXEC (@grants);`;
