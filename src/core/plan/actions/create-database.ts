import { quoteName } from '../../sql/identifiers.ts';
import type { Action } from '../plan.ts';
import type { Situation } from '../situation.ts';
import type { Target } from './target.ts';

/** No collation and no file places are given: the server's own are right for its locale and disks. */
export function createDatabase({ existing, databaseName }: Situation, target: Target): readonly Action[] {
  if (existing !== undefined) return [];
  return [
    {
      id: 'create-database',
      kind: 'create-database',
      title: `Create the database ${databaseName}`,
      risk: 'creates',
      need: 'necessary',
      target,
      batches: [{ sql: `CREATE DATABASE ${quoteName(databaseName)};`, line: 0 }],
    },
  ];
}
