import { refusedFeature, refusedOption } from './refusals.ts';
import type { DatabaseChange, Options } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** https://learn.microsoft.com/sql/t-sql/statements/alter-database-transact-sql-set-options */
export const databaseSwitches: ReadonlySet<string> = new Set([
  'allow_snapshot_isolation',
  'ansi_null_default',
  'ansi_nulls',
  'ansi_padding',
  'ansi_warnings',
  'arithabort',
  'auto_close',
  'auto_create_statistics',
  'auto_shrink',
  'auto_update_statistics',
  'auto_update_statistics_async',
  'concat_null_yields_null',
  'cursor_close_on_commit',
  'date_correlation_optimization',
  'db_chaining',
  'nested_triggers',
  'numeric_roundabort',
  'quoted_identifier',
  'read_committed_snapshot',
  'recursive_triggers',
  'torn_page_detection',
  'trustworthy',
]);
/** Options with one of several words, with or without =. */
export const databaseChoices: Readonly<Record<string, readonly string[]>> = {
  recovery: ['full', 'bulk_logged', 'simple'],
  page_verify: ['checksum', 'torn_page_detection', 'none'],
  cursor_default: ['local', 'global'],
  parameterization: ['simple', 'forced'],
  containment: ['none'],
  delayed_durability: ['disabled'],
};
/** States that are said by one word: recorded as true under that word. */
export const databaseStates: ReadonlySet<string> = new Set([
  'single_user',
  'restricted_user',
  'multi_user',
  'read_only',
  'read_write',
  'online',
  'offline',
  'emergency',
  'enable_broker',
  'disable_broker',
  'new_broker',
  'error_broker_conversations',
]);
const numbers: ReadonlySet<string> = new Set(['compatibility_level']);

/** After ALTER DATABASE ... SET: options, and what becomes of the transactions in their way. */
export function parseDatabaseOptions(
  input: TokenReader,
): Omit<Extract<DatabaseChange, { kind: 'set' }>, 'kind'> {
  const options: Options = Object.fromEntries(input.list(() => parseOption(input)));
  return { options, ...parseTermination(input) };
}

function parseOption(input: TokenReader): [string, string | number | boolean] {
  const at = input.at;
  const { kind, key, value } = input.current;
  if (kind !== 'word') throw input.unexpected();
  input.take();
  if (databaseStates.has(key)) return [key, true];
  if (key === 'change_tracking') throw refusedFeature('change-tracking', at);
  if (databaseSwitches.has(key)) {
    input.acceptSymbol('=');
    if (input.accept('on')) return [key, true];
    input.expect('off');
    return [key, false];
  }
  if (numbers.has(key)) {
    input.expectSymbol('=');
    if (input.current.kind !== 'integer') throw input.unexpected();
    return [key, Number(input.take().value)];
  }
  const words = databaseChoices[key];
  if (words === undefined) throw refusedOption(`ALTER DATABASE SET ${value.toUpperCase()}`, at);
  input.acceptSymbol('=');
  const word = words.find((one) => input.accept(one));
  if (word !== undefined) return [key, word];
  if (input.current.kind !== 'word') throw input.unexpected();
  throw refusedOption(`ALTER DATABASE SET ${value.toUpperCase()} ${input.current.value.toUpperCase()}`, at);
}

function parseTermination(input: TokenReader): { termination?: 'rollback-immediate' | 'no-wait' } {
  if (!input.is('with')) return {};
  if (input.accept('with', 'rollback', 'immediate')) return { termination: 'rollback-immediate' };
  if (input.accept('with', 'no_wait')) return { termination: 'no-wait' };
  if (input.is('with', 'rollback', 'after')) throw refusedFeature('rollback-after', input.at);
  input.take();
  throw input.unexpected();
}
