/** Calls of functions: special forms, built-in functions, user functions. */

import type { Expression } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Value } from '../types.ts';
import { isAggregateName } from './aggregates.ts';
import { compileExpression } from './compile-expression.ts';
import { collatedTypes, folded } from './compiled.ts';
import { dateFunction } from './functions/date-parts.ts';
import type { ScalarFunction } from './functions/definition.ts';
import { lookupFunction } from './functions/registry.ts';
import type { Compiled, Frame, Scope } from './scope.ts';
import { specialForm } from './special-forms.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Ranking and offset functions, which stand for nothing without OVER. */
const windowOnly = new Set([
  'CUME_DIST',
  'DENSE_RANK',
  'FIRST_VALUE',
  'LAG',
  'LAST_VALUE',
  'LEAD',
  'NTILE',
  'PERCENT_RANK',
  'RANK',
  'ROW_NUMBER',
]);

/** Functions that SQL Server has and this server has not. */
export const refusedFunctions: ReadonlySet<string> = new Set([
  'ASSEMBLYPROPERTY',
  'ASYMKEYPROPERTY',
  'ASYMKEY_ID',
  'CERTENCODED',
  'CERTPRIVATEKEY',
  'CERTPROPERTY',
  'CERT_ID',
  'COLLATIONPROPERTY',
  'CRYPT_GEN_RANDOM',
  'CURSOR_STATUS',
  'DATABASEPROPERTY',
  'DECRYPTBYASYMKEY',
  'DECRYPTBYCERT',
  'DECRYPTBYKEY',
  'DECRYPTBYKEYAUTOASYMKEY',
  'DECRYPTBYKEYAUTOCERT',
  'ENCRYPTBYASYMKEY',
  'ENCRYPTBYCERT',
  'ENCRYPTBYKEY',
  'EVENTDATA',
  'FILEGROUPPROPERTY',
  'FILEGROUP_ID',
  'FILE_IDEX',
  'FULLTEXTCATALOGPROPERTY',
  'FULLTEXTSERVICEPROPERTY',
  'GETANSINULL',
  'GET_FILESTREAM_TRANSACTION_CONTEXT',
  'IS_OBJECTSIGNED',
  'KEY_GUID',
  'KEY_ID',
  'KEY_NAME',
  'LOGINPROPERTY',
  'ORIGINAL_DB_NAME',
  'PERCENTILE_CONT',
  'PERCENTILE_DISC',
  'PERMISSIONS',
  'SIGNBYASYMKEY',
  'SIGNBYCERT',
  'STATS_DATE',
  'SYMKEYPROPERTY',
  'TERTIARY_WEIGHTS',
  'VERIFYSIGNEDBYASYMKEY',
  'VERIFYSIGNEDBYCERT',
  'SOUNDEX',
  'DIFFERENCE',
  'FORMAT',
  'COMPRESS',
  'DECOMPRESS',
  'ENCRYPTBYPASSPHRASE',
  'DECRYPTBYPASSPHRASE',
  'JSON_VALUE',
  'JSON_QUERY',
  'JSON_MODIFY',
  'ISJSON',
  'SESSION_CONTEXT',
  'PUBLISHINGSERVERNAME',
  'TEXTPTR',
  'TEXTVALID',
  'PWDCOMPARE',
  'PWDENCRYPT',
  'GROUPING',
  'GROUPING_ID',
  'COLUMNS_UPDATED',
  'FILE_ID',
]);

/** Compiles a call. Throws 195, 174, 189, 4121 and refuses functions by name. */
export function compileCall(call: Call, scope: Scope): Compiled {
  const { name } = call;
  const upper = name.name.toUpperCase();
  if (name.schema !== undefined && name.schema.toLowerCase() !== 'sys') return userCall(call, scope);
  const special = specialForm(upper, call, scope) ?? dateFunction(upper, call, scope);
  if (special) return special;
  if (call.over !== undefined) {
    throw new SqlError(4108, 'Windowed functions can only appear in the SELECT or ORDER BY clauses.', 15);
  }
  if (isAggregateName(upper))
    throw new SqlError(
      147,
      'An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.',
      15,
    );
  if (upper === 'IDENTITY') {
    throw new SqlError(
      177,
      'The IDENTITY function can only be used when the SELECT statement has an INTO clause.',
      15,
    );
  }
  const found = lookupFunction(upper);
  if (found) return builtinCall(found, call, scope);
  if (windowOnly.has(upper)) {
    throw new SqlError(10753, `The function '${name.name}' must have an OVER clause.`, 15, 3);
  }
  if (refusedFunctions.has(upper)) throw new Refusal(`the function ${upper}`);
  throw new SqlError(195, `'${name.name}' is not a recognized built-in function name.`, 15, 10);
}

function userCall(call: Call, scope: Scope): Compiled {
  const { name } = call;
  const args = call.arguments.map((node) =>
    node.kind === 'default' ? undefined : compileExpression(node, scope),
  );
  const found = scope.userFunction(name, args);
  if (found) return found;
  const written = [name.database, name.schema, name.name].filter((part) => part !== undefined).join('.');
  throw new SqlError(
    4121,
    `Cannot find either column "${name.schema}" or the user-defined function or aggregate "${written}", or the name is ambiguous.`,
  );
}

/** 174 for a fixed number of arguments, 189 for a range. */
export function checkArguments(name: string, count: number, least: number, most: number): void {
  if (count >= least && count <= most) return;
  const shown = name.toLowerCase();
  if (least === most) throw new SqlError(174, `The ${shown} function requires ${least} argument(s).`, 15);
  throw new SqlError(189, `The ${shown} function requires ${least} to ${most} arguments.`, 15);
}

function builtinCall(entry: ScalarFunction, call: Call, scope: Scope): Compiled {
  if (call.star) throw new SqlError(102, "Incorrect syntax near '*'.", 15);
  checkArguments(entry.name, call.arguments.length, entry.minArguments, entry.maxArguments);
  return apply(
    entry,
    call.arguments.map((node) => compileExpression(node, scope)),
    scope,
  );
}

/** A built-in function on compiled arguments. */
export function apply(entry: ScalarFunction, args: readonly Compiled[], scope: Scope): Compiled {
  const bound = entry.bind({
    types: collatedTypes(args),
    constants: args.map((argument) => argument.constant),
    session: scope.session,
  });
  const isNullable = bound.isNullable ?? args.some((argument) => argument.isNullable);
  const evaluate = evaluator(bound.evaluate, args);
  const result: Compiled = entry.isPure
    ? folded(bound.type, isNullable, args, evaluate)
    : { type: bound.type, isNullable, evaluate };
  return args.some((argument) => argument.isCollationExplicit)
    ? { ...result, isCollationExplicit: true }
    : result;
}

/** The common argument counts without a loop. */
function evaluator(
  evaluate: (values: readonly Value[], runtime: Frame['runtime']) => Value,
  args: readonly Compiled[],
): Compiled['evaluate'] {
  const [first, second] = args;
  if (!first) return (frame) => evaluate([], frame.runtime);
  if (!second) return (frame) => evaluate([first.evaluate(frame)], frame.runtime);
  if (args.length === 2)
    return (frame) => evaluate([first.evaluate(frame), second.evaluate(frame)], frame.runtime);
  return (frame) =>
    evaluate(
      args.map((argument) => argument.evaluate(frame)),
      frame.runtime,
    );
}

const refusedVariables: ReadonlySet<string> = new Set([
  '@@CONNECTIONS',
  '@@CPU_BUSY',
  '@@CURSOR_ROWS',
  '@@DEFAULT_LANGID',
  '@@DEF_SORTORDER_ID',
  '@@FETCH_STATUS',
  '@@IDLE',
  '@@IO_BUSY',
  '@@PACKET_ERRORS',
  '@@PACK_RECEIVED',
  '@@PACK_SENT',
  '@@REMSERVER',
  '@@TIMETICKS',
  '@@TOTAL_ERRORS',
  '@@TOTAL_READ',
  '@@TOTAL_WRITE',
]);

/** @@NAME: a function without arguments. Throws 137 for an unknown one. */
export function compileSystemVariable(name: string, scope: Scope): Compiled {
  const entry = lookupFunction(name);
  if (!entry && refusedVariables.has(name.toUpperCase())) {
    throw new Refusal(`the function ${name.toUpperCase()}`);
  }
  if (!entry) throw new SqlError(137, `Must declare the scalar variable "${name}".`, 15, 2);
  return apply(entry, [], scope);
}
