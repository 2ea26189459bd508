/** Runs a system procedure of the catalog. */

import type { ObjectName } from '../../language/syntax.ts';
import { SqlError, type SystemProcedure } from '../extension.ts';
import { foldName } from '../model.ts';
import { Cancelled } from '../rows/locks.ts';
import { changeDefinition } from '../run/definition-run.ts';
import type { Run } from '../run/run.ts';
import { sendRows } from '../run/run-data.ts';
import type { ResultColumn, Row, SqlType, Value } from '../types.ts';
import { parseText, runText } from './dynamic-text.ts';
import type { Argument } from './execute.ts';

type Sent = { readonly columns: readonly ResultColumn[]; readonly rows: Iterable<Row> };

export const runSystemProcedure = async (
  run: Run,
  procedure: SystemProcedure,
  args: readonly Argument[],
  name: ObjectName,
): Promise<number> => {
  const given = matchArguments(procedure, args);
  const { connection } = run;
  const { state, instance } = connection;
  const database =
    name.database === undefined
      ? state.database
      : (instance.server.databases.get(foldName(name.database)) ?? state.database);
  const undoSteps: (() => void)[] = [];
  const sent: Sent[] = [];
  const outputs: { readonly name: string; readonly value: Value; readonly type: SqlType }[] = [];
  let status: number;
  try {
    status = await procedure.execute({
      runtime: { server: instance.server, session: state, database, now: instance.server.now() },
      arguments: new Map([...given].map(([key, { value, type }]) => [foldName(key), { value, type }])),
      run: async (text) => {
        await runText(run, parseText(run, text, ''), new Map());
      },
      undo: (step) => undoSteps.push(step),
      rows: (columns, rows) => sent.push({ columns, rows }),
      print: (message) => run.sink.message(message),
      setOutput: (output, value, type) => outputs.push({ name: output, value, type }),
    });
  } catch (problem) {
    for (const step of undoSteps.reverse()) step();
    throw problem;
  }
  if (run.signal.aborted) throw new Cancelled();
  if (undoSteps.length > 0) {
    await changeDefinition(run, (undo) => {
      for (const step of undoSteps) undo(step);
    });
  }
  for (const { columns, rows } of sent) {
    const list = [...rows];
    await sendRows(run, columns, list);
    run.sink.statementDone({ count: list.length, command: 0xc1, isError: false, isInProcedure: true });
  }
  for (const output of outputs) given.get(fold(output.name))?.output?.(output.value, output.type);
  return status;
};

const fold = (name: string): string => name.replace(/^@/, '').replace(/\?$/, '').toUpperCase();

const matchArguments = (procedure: SystemProcedure, args: readonly Argument[]): Map<string, Argument> => {
  const matched = new Map<string, Argument>();
  args.forEach((argument, i) => {
    const wanted =
      argument.name === undefined
        ? procedure.parameters[i]
        : procedure.parameters.find((name) => fold(name) === fold(argument.name ?? ''));
    if (wanted === undefined) {
      if (argument.name === undefined) {
        throw new SqlError(
          8144,
          `Procedure or function ${procedure.name} has too many arguments specified.`,
          16,
          2,
        );
      }
      throw new SqlError(8145, `${argument.name} is not a parameter for procedure ${procedure.name}.`, 16, 2);
    }
    if (!argument.isDefault) matched.set(fold(wanted), argument);
  });
  for (const parameter of procedure.parameters) {
    if (!parameter.endsWith('?') && !matched.has(fold(parameter))) {
      throw new SqlError(
        201,
        `Procedure or function '${procedure.name}' expects parameter '@${fold(parameter)}', which was not supplied.`,
        16,
        4,
      );
    }
  }
  return matched;
};
