import { quoteName } from '../../sql/identifiers.ts';
import type { DatabaseOptions } from '../detected.ts';
import type { Action } from '../plan.ts';
import type { Situation } from '../situation.ts';
import { planned, type Target } from './target.ts';

type Option = { readonly set: string; readonly isSet: (options: DatabaseOptions) => boolean };

/**
 * The options that the product's own utility gave a store database. Recovery SIMPLE, because nobody at a store backs
 * up the log, which would then fill the disk; snapshot isolation for the synchronisation; AUTO_CLOSE off, because
 * Express switches it on and the first sale of the day then waits.
 */
const wanted: readonly Option[] = [
  { set: 'RECOVERY SIMPLE', isSet: ({ recoveryModel }) => recoveryModel === 'SIMPLE' },
  { set: 'ALLOW_SNAPSHOT_ISOLATION ON', isSet: ({ snapshotIsolation }) => snapshotIsolation === 'ON' },
  { set: 'PAGE_VERIFY CHECKSUM', isSet: ({ pageVerify }) => pageVerify === 'CHECKSUM' },
  { set: 'AUTO_CLOSE OFF', isSet: ({ isAutoClose }) => !isAutoClose },
  { set: 'AUTO_SHRINK OFF', isSet: ({ isAutoShrink }) => !isAutoShrink },
];

const allSet = `SELECT CASE WHEN EXISTS (
  SELECT 1 FROM sys.databases
  WHERE database_id = DB_ID() AND recovery_model_desc = 'SIMPLE' AND snapshot_isolation_state_desc = 'ON'
    AND page_verify_option_desc = 'CHECKSUM' AND is_auto_close_on = 0 AND is_auto_shrink_on = 0
) THEN 1 ELSE 0 END AS ok`;

export function databaseOptions({ existing, databaseName }: Situation, target: Target): readonly Action[] {
  const now = existing?.options.known ? existing.options.value : undefined;
  const missing = wanted.filter(({ isSet }) => now === undefined || !isSet(now));
  if (missing.length === 0) return [];
  const expected = `the database has ${wanted.map(({ set }) => set).join(', ')}`;
  const hint = `Have an administrator set the options of ${databaseName} by hand.`;
  return [
    {
      id: 'options',
      kind: 'run-batches',
      title: 'Set the database options',
      risk: 'changes',
      need: 'optional',
      target,
      batches: missing.map(({ set }) => planned(`ALTER DATABASE ${quoteName(databaseName)} SET ${set};`)),
      hint,
    },
    {
      id: 'verify:options',
      kind: 'verify',
      title: 'Check the database options',
      risk: 'changes',
      need: 'optional',
      target,
      check: planned(allSet),
      expected,
      hint,
    },
  ];
}
