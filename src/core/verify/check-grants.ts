import type { ProfileTable } from '../offline/provision/provision-actions.ts';
import { metadataTables } from '../offline/tracking/metadata.ts';
import { trackingTableName } from '../offline/tracking/names.ts';
import { ask, fold } from '../plan/detect/ask.ts';
import { quoteNames, quoteString } from '../sql/identifiers.ts';
import type { SqlSession } from '../sql/session.ts';
import { checksOf, someOf } from './checks.ts';
import type { Check } from './events.ts';

const rights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/**
 * Asks as the principal itself whether it may read and write every synchronised table, its tracking table and the
 * records. Runs in a scope of its own (sp_executesql), at whose end SQL Server takes the impersonation back in any case
 * (https://learn.microsoft.com/sql/t-sql/statements/execute-as-transact-sql).
 */
export async function checkGrants(
  group: 'store' | 'offline',
  user: string,
  tables: readonly ProfileTable[],
  provisioned: ReadonlySet<string>,
  session: SqlSession,
  signal: AbortSignal,
): Promise<Check> {
  const say = checksOf(group);
  const id = `grants:${user}`;
  const objects = [
    ...tables.flatMap(({ shape }) => [
      quoteNames(shape.schema, shape.name),
      ...(provisioned.has(fold(shape.name)) ? [quoteNames(shape.schema, trackingTableName(shape.name))] : []),
    ]),
    ...metadataTables.map(({ name }) => quoteNames('storedb', name)),
  ];
  const names = objects.map((name) => `SELECT ${quoteString(name)} AS name`).join('\nUNION ALL ');
  const lacks = rights.map((right) => `ISNULL(HAS_PERMS_BY_NAME(n.name, 'OBJECT', '${right}'), 0) = 0`);
  const answer = await ask(() =>
    session.query<{ name: string }>(
      `EXECUTE AS USER = ${quoteString(user)};
SELECT n.name AS name FROM (${names}) AS n WHERE ${lacks.join(' OR ')};
REVERT;`,
      {},
      signal,
    ),
  );
  if (!answer.known)
    return say.warning(
      id,
      `Could not ask as ${user} whether it may read and write: ${answer.reason}`,
      'Sign in as the owner of the database (db_owner) to have it checked.',
    );
  if (answer.value.length === 0)
    return say.ok(id, `${user} may read and write all ${objects.length} tables that it needs`);
  return say.failed(
    id,
    `${user} may not read and write ${someOf(answer.value.map(({ name }) => name))}.`,
    'Run storedb apply again: it gives the rights; and see that nobody has denied them (DENY).',
  );
}
