import { fold } from '../../plan/detect/ask.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { Reference } from './table-sets.ts';

/** The foreign keys between tables of dbo; the built-in schema has none, a customer's may. */
export async function readReferences(
  session: SqlSession,
  signal: AbortSignal,
): Promise<readonly Reference[]> {
  const rows = await session.query<{ fromName: string; toName: string }>(
    `SELECT OBJECT_NAME(parent_object_id) AS fromName, OBJECT_NAME(referenced_object_id) AS toName FROM sys.foreign_keys`,
    {},
    signal,
  );
  return rows.map(({ fromName, toName }) => ({ table: fold(fromName), to: fold(toName) }));
}
