/** System procedures that need the engine itself: dynamic SQL, prepared statements, application locks. */

import { Refusal, SqlError } from '../extension.ts';
import type { Variable } from '../run/context.ts';
import type { Run } from '../run/run.ts';
import { convert } from '../scalar/index.ts';
import type { SqlType } from '../types.ts';
import { getApplicationLock, releaseApplicationLock } from './application-lock.ts';
import { parseParameters, parseText, runText } from './dynamic-text.ts';
import type { Argument } from './execute.ts';
import type { Prepared, PreparedParameter } from './prepared.ts';

export type EngineProcedure = (run: Run, args: readonly Argument[]) => Promise<number>;

const textOf = (argument: Argument | undefined, name: string, procedure: string): string => {
  if (argument === undefined) {
    throw new SqlError(
      201,
      `Procedure or function '${procedure}' expects parameter '${name}', which was not supplied.`,
      16,
      10,
    );
  }
  if (argument.value === null) return '';
  if (!['nvarchar', 'nchar', 'ntext'].includes(argument.type.kind)) {
    throw new SqlError(214, `Procedure expects parameter '${name}' of type 'ntext/nchar/nvarchar'.`, 16, 2);
  }
  return String(argument.value);
};

/** The arguments after the statement and its declarations, as variables of the text. */
const bind = (
  run: Run,
  parameters: readonly PreparedParameter[],
  args: readonly Argument[],
): { readonly variables: Map<string, Variable>; readonly finish: () => void } => {
  const variables = new Map<string, Variable>();
  const outputs: (() => void)[] = [];
  const fold = (name: string): string => name.toLowerCase();
  for (const argument of args) {
    if (
      argument.name !== undefined &&
      !parameters.some((parameter) => fold(parameter.name) === fold(argument.name ?? ''))
    ) {
      throw new SqlError(8145, `${argument.name} is not a parameter for procedure .`, 16, 2);
    }
  }
  if (args.length > parameters.length) {
    throw new SqlError(8144, 'Procedure or function  has too many arguments specified.', 16, 2);
  }
  parameters.forEach((parameter, i) => {
    const argument =
      args.find(
        (candidate) => candidate.name !== undefined && fold(candidate.name) === fold(parameter.name),
      ) ?? (args[i]?.name === undefined ? args[i] : undefined);
    if (argument === undefined) {
      throw new SqlError(
        8178,
        `The parameterized query '(${parameters.map(({ name }) => name).join(',')})' expects the parameter '${parameter.name}', which was not supplied.`,
      );
    }
    const variable: Variable = {
      type: parameter.type,
      value: convert(argument.value, argument.type, parameter.type, {
        explicit: false,
        session: run.connection.state,
      }),
    };
    variables.set(fold(parameter.name), variable);
    if (argument.output !== undefined && parameter.isOutput) {
      outputs.push(() => argument.output?.(variable.value, variable.type));
    }
  });
  return {
    variables,
    finish: () => {
      for (const output of outputs) output();
    },
  };
};

const executeSql: EngineProcedure = async (run, args) => {
  const text = textOf(args[0], '@statement', 'sp_executesql');
  const declarations = args.length > 1 ? textOf(args[1], '@params', 'sp_executesql') : '';
  const parameters = parseParameters(run, declarations);
  const { variables, finish } = bind(run, parameters, args.slice(2));
  await runText(run, parseText(run, text, declarations), variables);
  finish();
  return 0;
};

const INT: SqlType = { kind: 'int' };

/** sp_prepare @handle output, @params, @statement [, @options]. */
const prepare = (run: Run, args: readonly Argument[]): Prepared => {
  const declarations = textOf(args[1], '@params', 'sp_prepare');
  const text = textOf(args[2], '@stmt', 'sp_prepare');
  const prepared: Prepared = {
    text,
    batch: parseText(run, text, declarations),
    parameters: parseParameters(run, declarations),
  };
  const handle = run.connection.nextHandle++;
  run.connection.prepared.set(handle, prepared);
  args[0]?.output?.(handle, INT);
  return prepared;
};

const preparedOf = (
  run: Run,
  argument: Argument | undefined,
  procedure: string,
): { readonly handle: number; readonly prepared: Prepared } => {
  const handle = Number(argument?.value ?? 0);
  const prepared = run.connection.prepared.get(handle);
  if (prepared === undefined) {
    throw new SqlError(
      8179,
      `Could not find prepared statement with handle ${handle}.`,
      16,
      procedure === 'sp_execute' ? 2 : 1,
    );
  }
  return { handle, prepared };
};

const executePrepared = async (run: Run, prepared: Prepared, args: readonly Argument[]): Promise<number> => {
  const { variables, finish } = bind(run, prepared.parameters, args);
  await runText(run, prepared.batch, variables);
  finish();
  return 0;
};

export const engineProcedures: ReadonlyMap<string, EngineProcedure> = new Map<string, EngineProcedure>([
  ['sp_executesql', executeSql],
  [
    'sp_prepare',
    async (run, args) => {
      prepare(run, args);
      return 0;
    },
  ],
  [
    'sp_execute',
    (run, args) => executePrepared(run, preparedOf(run, args[0], 'sp_execute').prepared, args.slice(1)),
  ],
  ['sp_prepexec', (run, args) => executePrepared(run, prepare(run, args), args.slice(3))],
  [
    'sp_unprepare',
    async (run, args) => {
      run.connection.prepared.delete(preparedOf(run, args[0], 'sp_unprepare').handle);
      return 0;
    },
  ],
  ['sp_getapplock', getApplicationLock],
  ['sp_releaseapplock', releaseApplicationLock],
  ...[
    'sp_cursor',
    'sp_cursoropen',
    'sp_cursorprepare',
    'sp_cursorexecute',
    'sp_cursorfetch',
    'sp_cursorclose',
  ].map((name): [string, EngineProcedure] => [
    name,
    async () => {
      throw new Refusal('the server cursor');
    },
  ]),
]);
