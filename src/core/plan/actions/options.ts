import { quoteName } from '../../sql/identifiers.ts';
import type { DatabaseOptions } from '../detected.ts';
import type { Action } from '../plan.ts';
import { ownershipOf, type Situation } from '../situation.ts';
import { planned, type Target } from './target.ts';

type Option = {
  readonly set: string;
  readonly isSet: (options: DatabaseOptions) => boolean;
  /** The same question in the catalog. */
  readonly check: string;
};

/**
 * The options that the product's own utility gave a store database. Recovery SIMPLE, because nobody at a store backs
 * up the log, which would then fill the disk; snapshot isolation for the synchronisation; AUTO_CLOSE off, because
 * Express switches it on and the first sale of the day then waits.
 */
const recovery: Option = {
  set: 'RECOVERY SIMPLE',
  isSet: ({ recoveryModel }) => recoveryModel === 'SIMPLE',
  check: "recovery_model_desc = 'SIMPLE'",
};
const others: readonly Option[] = [
  {
    set: 'ALLOW_SNAPSHOT_ISOLATION ON',
    isSet: ({ snapshotIsolation }) => snapshotIsolation === 'ON',
    check: "snapshot_isolation_state_desc = 'ON'",
  },
  {
    set: 'PAGE_VERIFY CHECKSUM',
    isSet: ({ pageVerify }) => pageVerify === 'CHECKSUM',
    check: "page_verify_option_desc = 'CHECKSUM'",
  },
  { set: 'AUTO_CLOSE OFF', isSet: ({ isAutoClose }) => !isAutoClose, check: 'is_auto_close_on = 0' },
  { set: 'AUTO_SHRINK OFF', isSet: ({ isAutoShrink }) => !isAutoShrink, check: 'is_auto_shrink_on = 0' },
];

/**
 * Whether the recovery model is left as it is: in a database that is a store database already, anything but SIMPLE is
 * an administrator's choice, and going to SIMPLE would break the chain of log backups.
 */
export function keepsRecovery({ existing, contents }: Situation): boolean {
  const ownership = ownershipOf(contents);
  if (ownership !== 'ours' && ownership !== 'original') return false;
  const model = existing?.options.known ? existing.options.value.recoveryModel : undefined;
  return model !== 'SIMPLE' && model !== '';
}

export function databaseOptions(situation: Situation, target: Target): readonly Action[] {
  const { existing, databaseName } = situation;
  const wanted = keepsRecovery(situation) ? others : [recovery, ...others];
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
      // A new database is given all of them, one that is there only those that it lacks. Counts up with the list above.
      rememberedAs: 'database options, first edition',
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
      check: planned(`SELECT CASE WHEN EXISTS (
  SELECT 1 FROM sys.databases
  WHERE database_id = DB_ID() AND ${wanted.map(({ check }) => check).join(' AND ')}
) THEN 1 ELSE 0 END AS ok`),
      expected,
      hint,
    },
  ];
}
