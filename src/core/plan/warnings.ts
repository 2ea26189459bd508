import { quoteName } from '../sql/identifiers.ts';
import { expressEngineEdition } from '../sql/product.ts';
import { keepsRecovery } from './actions/options.ts';
import type { Checked } from './detected.ts';
import { expressBytes, expressWarnShare, megabytes } from './limits.ts';
import type { Finding } from './plan.ts';
import type { Situation } from './situation.ts';

/** Beyond this the clocks of registers and server disagree in what they log. */
const skewWarnMs = 2_000;
/** A register that shares its memory with an unlimited SQL Server begins to swap below this. */
const smallMachineMegabytes = 4_096;

/** What does not stop the set-up but should be known. */
export function warningsOf(situation: Situation): readonly Finding[] {
  return [
    ...expressWarning(situation),
    ...autoCloseWarning(situation),
    ...recoveryWarning(situation),
    ...signInWarning(situation),
    ...memoryWarning(situation),
    ...clockWarning(situation),
    ...copyWarning(situation),
    ...uncheckedWarnings(situation),
  ];
}

function expressWarning({ detected, existing, databaseName }: Situation): readonly Finding[] {
  if (detected.server.identity.engineEdition !== expressEngineEdition || !existing?.dataBytes.known)
    return [];
  const bytes = existing.dataBytes.value;
  if (bytes < expressBytes * expressWarnShare) return [];
  return [
    {
      code: 'express-limit-near',
      message: `The database ${databaseName} has ${megabytes(bytes)}; SQL Server Express stops at ${megabytes(expressBytes)}.`,
      hint: 'Have old transactions cleaned up soon.',
    },
  ];
}

function autoCloseWarning({ existing, databaseName }: Situation): readonly Finding[] {
  if (!existing?.options.known || !existing.options.value.isAutoClose) return [];
  return [
    {
      code: 'auto-close-on',
      message: `The database ${databaseName} closes itself when nobody uses it (AUTO_CLOSE), which makes registers wait.`,
      hint: 'The plan switches it off; nothing to do.',
    },
  ];
}

function recoveryWarning(situation: Situation): readonly Finding[] {
  const { existing, databaseName } = situation;
  if (!keepsRecovery(situation) || !existing?.options.known) return [];
  return [
    {
      code: 'recovery-kept',
      message: `The database ${databaseName} has recovery model ${existing.options.value.recoveryModel}; it is left so, because SIMPLE would break the chain of its log backups.`,
      hint: `Make sure that its log is backed up, or it fills the disk. If nobody does: ALTER DATABASE ${quoteName(databaseName)} SET RECOVERY SIMPLE;`,
    },
  ];
}

function signInWarning({ detected }: Situation): readonly Finding[] {
  const { isWindowsSignInOnly } = detected.server;
  if (!isWindowsSignInOnly.known || !isWindowsSignInOnly.value) return [];
  return [
    {
      code: 'sql-logins-off',
      message:
        'SQL logins are switched off on this server; registers can sign in with Windows accounts only.',
      hint: 'If registers use SQL logins, switch the server to mixed mode and restart it.',
    },
  ];
}

function memoryWarning({ detected }: Situation): readonly Finding[] {
  const { memory } = detected.server;
  if (!memory.known || !memory.value.isUnlimited || memory.value.physicalMegabytes >= smallMachineMegabytes)
    return [];
  return [
    {
      code: 'memory-unlimited',
      message: `SQL Server may take all of the computer's ${memory.value.physicalMegabytes} MB of memory.`,
      hint: "Set 'max server memory (MB)' so that POS keeps some.",
    },
  ];
}

function clockWarning({ detected }: Situation): readonly Finding[] {
  const { clockSkewMs } = detected.server;
  if (!clockSkewMs.known || Math.abs(clockSkewMs.value) <= skewWarnMs) return [];
  const seconds = Math.round(Math.abs(clockSkewMs.value) / 1000);
  return [
    {
      code: 'clock-skew',
      message: `The server's clock is ${seconds} s ${clockSkewMs.value > 0 ? 'ahead of' : 'behind'} this computer's.`,
      hint: 'Let both follow the same time server.',
    },
  ];
}

/** The planner has refused already unless this database is the recorded one. */
function copyWarning({ detected, databaseName }: Situation): readonly Finding[] {
  const [other] = detected.otherStores.known ? detected.otherStores.value : [];
  if (other === undefined) return [];
  return [
    {
      code: 'second-store-database',
      message: `The database ${other.database} says too that it is the store database of store ${other.storeId}.`,
      hint: `Make sure that the registers use ${databaseName}, and remove the copy when it is not needed.`,
    },
  ];
}

/** Questions that the server did not answer. Each is named, so that nobody takes silence for "in order". */
function uncheckedWarnings({ detected, existing, contents }: Situation): readonly Finding[] {
  const { server } = detected;
  const findings = [
    unchecked('rights', 'the rights of this sign-in', server.rights),
    unchecked('sign-in-mode', 'whether SQL logins are switched on', server.isWindowsSignInOnly),
    unchecked('disk', 'the free disk space', server.freeBytes),
    unchecked('memory', "the server's memory limit", server.memory),
    unchecked('clock', "the server's clock", server.clockSkewMs),
    unchecked('other-stores', 'whether the store has another store database here', detected.otherStores),
    existing && unchecked('options', "the database's options", existing.options),
    existing && unchecked('size', "the database's size", existing.dataBytes),
    contents && unchecked('database-rights', 'the rights in the database', contents.mayChange),
    contents && unchecked('access', 'roles and grants', contents.access),
  ].filter((finding) => finding !== undefined);
  if (detected.unaskedDatabases.length === 0) return findings;
  return [
    ...findings,
    {
      code: 'unchecked-databases',
      message: `Could not ask these databases whether they belong to the same store: ${detected.unaskedDatabases.join(', ')}.`,
      hint: 'Make sure that none of them is a store database of this store.',
    },
  ];
}

function unchecked(code: string, what: string, answer: Checked<unknown>): Finding | undefined {
  if (answer.known) return undefined;
  return {
    code: `unchecked-${code}`,
    message: `Could not check ${what}: ${answer.reason}`,
    hint: 'Check it by hand, or sign in with more rights (VIEW SERVER STATE).',
  };
}
