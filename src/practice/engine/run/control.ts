/** Variables, PRINT, RAISERROR, THROW, RETURN, WAITFOR. */

import { setTimeout as delay } from 'node:timers/promises';
import type { ControlStatement, Expression } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { combined } from '../query/assignments.ts';
import { Cancelled } from '../rows/locks.ts';
import { type Compiled, convert, formatMessage } from '../scalar/index.ts';
import type { SqlType, Value } from '../types.ts';
import { expressionPlan, readsData } from './compile.ts';
import type { RowFrame } from './context.ts';
import type { Run } from './run.ts';
import { ThrownError } from './thrown.ts';

type Of<Kind extends ControlStatement['kind']> = ControlStatement & { readonly kind: Kind };
type Typed = { readonly value: Value; readonly type: SqlType };

export const evaluate = async (run: Run, expression: Expression): Promise<Typed> => {
  const plan: Compiled = expressionPlan(run, expression);
  return {
    value: await run.connection.quick(run, readsData(expression), (frame: RowFrame) => plan.evaluate(frame)),
    type: plan.type,
  };
};

/** The value in another type, by the rules of assignment. */
export const assigned = (run: Run, { value, type }: Typed, to: SqlType): Value =>
  convert(value, type, to, { explicit: false, session: run.connection.state });

const variableOf = (run: Run, name: string) => {
  const variable = run.activation.variables.get(name);
  if (variable === undefined) throw new SqlError(137, `Must declare the scalar variable "${name}".`, 15, 2);
  return variable;
};

export const declare = async (run: Run, statement: Of<'declare'>): Promise<void> => {
  for (const { name, value } of statement.variables) {
    if (value === undefined) continue;
    const variable = variableOf(run, name);
    variable.value = assigned(run, await evaluate(run, value), variable.type);
    run.connection.state.rowCount = 1n;
  }
};

/** `@v += expression` as an expression, made once per statement. */
const compounds = new WeakMap<object, Expression>();

export const setVariable = async (run: Run, statement: Of<'set-variable'>): Promise<void> => {
  const variable = variableOf(run, statement.variable);
  let expression = compounds.get(statement);
  if (expression === undefined) {
    const target = { kind: 'variable', name: statement.variable, at: statement.value.at } as const;
    expression = combined(target, statement.operator, statement.value);
    compounds.set(statement, expression);
  }
  variable.value = assigned(run, await evaluate(run, expression), variable.type);
  run.connection.state.rowCount = 1n;
};

const text = (run: Run, typed: Typed, length: number | 'max' = 4000): string | undefined => {
  if (typed.value === null) return undefined;
  // Bytes are characters of the code page, not halves of UTF-16.
  if (typed.value instanceof Uint8Array) return Buffer.from(typed.value).toString('latin1');
  const converted = convert(
    typed.value,
    typed.type,
    { kind: 'nvarchar', length },
    { explicit: true, session: run.connection.state },
  );
  return typeof converted === 'string' ? converted : undefined;
};

export const print = async (run: Run, statement: Of<'print'>): Promise<void> => {
  const value = text(run, await evaluate(run, statement.message));
  run.sink.message({ number: 0, state: 1, class: 0, text: value ?? ' ', line: statement.message.at.line });
  run.connection.state.rowCount = 0n;
};

const integer = (run: Run, typed: Typed): number => {
  const value = convert(
    typed.value,
    typed.type,
    { kind: 'int' },
    { explicit: false, session: run.connection.state },
  );
  return typeof value === 'number' ? value : 0;
};

export const raiseError = async (run: Run, statement: Of<'raiserror'>): Promise<void> => {
  const message = await evaluate(run, statement.message);
  const severity = integer(run, await evaluate(run, statement.severity));
  const given = integer(run, await evaluate(run, statement.state));
  const args: Typed[] = [];
  for (const argument of statement.arguments) args.push(await evaluate(run, argument));
  if (typeof message.value === 'number') {
    throw new Refusal('RAISERROR with a message number');
  }
  if (severity > 18 && !statement.options.includes('log')) {
    throw new SqlError(
      2754,
      'Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.',
    );
  }
  if (severity >= 20) throw new Refusal('RAISERROR of severity 20 and more');
  const state = given < 0 ? 1 : Math.min(given, 255);
  const written = formatMessage(text(run, message) ?? '', args);
  const fields = { number: 50000, state, class: Math.max(severity, 0), text: written };
  if (severity > 10) throw new ThrownError(fields, true);
  run.sink.message({
    ...fields,
    class: 0,
    line: statement.message.at.line,
    ...(run.activation.procedure === undefined ? {} : { procedure: run.activation.procedure }),
  });
  run.connection.state.lastError = statement.options.includes('seterror') ? 50000 : 0;
  run.connection.state.rowCount = 0n;
};

export const throwError = async (run: Run, args: Of<'throw'>['arguments']): Promise<void> => {
  const { state } = run.connection;
  if (args === undefined) {
    const { caught } = state;
    if (caught === undefined) {
      throw new SqlError(
        10704,
        'To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.',
        15,
      );
    }
    const fields = { number: caught.number, state: caught.state, class: caught.severity, text: caught.text };
    throw new ThrownError(fields, false, {
      ...fields,
      line: caught.line,
      ...(caught.procedure === undefined ? {} : { procedure: caught.procedure }),
    });
  }
  const [number, message, given] = args;
  const errorNumber = integer(run, await evaluate(run, number));
  if (errorNumber < 50000) {
    throw new SqlError(
      35100,
      `Error number ${errorNumber} in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.`,
      16,
      10,
    );
  }
  const written = text(run, await evaluate(run, message), 2048) ?? '';
  throw new ThrownError(
    { number: errorNumber, state: integer(run, await evaluate(run, given)), class: 16, text: written },
    false,
  );
};

export const returnFrom = async (run: Run, value: Expression | undefined): Promise<void> => {
  if (value === undefined) return;
  run.activation.result.status = integer(run, await evaluate(run, value));
};

/** WAITFOR DELAY 'hh:mm:ss[.mmm]' or a datetime value. */
export const waitFor = async (run: Run, typed: Typed): Promise<void> => {
  const written = typeof typed.value === 'string' ? typed.value : text(run, { ...typed }, 30);
  const match = /^\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.:](\d{1,3}))?)?\s*$/.exec(written ?? '');
  let milliseconds: number;
  if (match !== null) {
    const [, hours, minutes, seconds = '0', fraction = '0'] = match;
    milliseconds =
      (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 +
      Number(fraction.padEnd(3, '0'));
  } else if (typed.type.kind === 'datetime' && typeof typed.value === 'number') {
    milliseconds = Math.round((typed.value * 10) / 3);
  } else {
    throw new SqlError(148, `Incorrect time syntax in time string '${written ?? ''}' used with WAITFOR.`, 15);
  }
  try {
    await delay(milliseconds, undefined, { signal: run.signal });
  } catch (problem) {
    if (run.signal.aborted) throw new Cancelled();
    throw problem;
  }
  run.connection.state.rowCount = 0n;
};
