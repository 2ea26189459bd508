/** VALUES (...), (...) as a table. */

import type { Expression } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { RowFrame } from '../run/context.ts';
import { commonType, compileExpression, converter } from '../scalar/index.ts';
import { Binding } from './binding.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledQuery } from './compiled-query.ts';

export const compileValues = (
  rows: readonly (readonly Expression[])[],
  context: CompileContext,
  outer: Binding | undefined,
): CompiledQuery => {
  const binding = new Binding(context, outer);
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) {
    throw new SqlError(
      10709,
      'The number of columns for each row in a table value constructor must be the same.',
      16,
    );
  }
  const compiled = rows.map((row) => row.map((expression) => compileExpression(expression, binding)));
  const columns = Array.from({ length: width }, (_, i) => {
    const cells = compiled.map((row) => row[i]).filter((cell) => cell !== undefined);
    return {
      name: '',
      type: commonType(cells.map((cell) => cell.type)),
      isNullable: cells.some((cell) => cell.isNullable),
    };
  });
  const makers = compiled.map((row) =>
    row.map((cell, i) => {
      const convert = converter(cell.type, columns[i]?.type ?? cell.type, { explicit: false });
      return (frame: RowFrame) => convert(cell.evaluate(frame));
    }),
  );
  return {
    columns,
    isIndependent: !binding.isCorrelated,
    assigns: false,
    *rows(execution, outerFrame) {
      const frame: RowFrame = { runtime: execution, rows: [], outer: outerFrame };
      for (const row of makers) yield row.map((cell) => cell(frame));
    },
  };
};
